"""The workspace's own abbreviations and cutting rules, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.people import Right
from workbench.core.segmentation import ABBREVIATIONS, SegmentationRules
from workbench.ui.i18n import language_label, tr
from workbench.ui.session import may, say, told

if TYPE_CHECKING:
    from workbench.services.library_service import LibraryService


def draw_rules(library: LibraryService, *, key: str) -> None:
    """Draw the editor; what is saved holds for texts brought in from then on.

    Args:
        key: Tells the editor on one page from that on another.
    """
    import pandas as pd

    # Each saving begins the fields anew; until then they stay as they were first drawn, with what was typed.
    turn, seen = f"{key}_rules_turn", f"{key}_rules_seen"
    number = st.session_state.setdefault(turn, 0)
    if f"{key}_abbreviations_{LANGUAGES[0]}_{number}" not in st.session_state:
        st.session_state[seen] = library.rules()
    rules: SegmentationRules = st.session_state[seen]
    st.markdown(
        tr("Abbreviations after whose full stop no sentence ends, separated by commas. The usual ones are known; "
           "add those of your texts.")
    )  # fmt: skip
    with st.form(f"{key}_rules", border=False):
        columns = st.columns(len(LANGUAGES))
        typed = {}
        for column, language in zip(columns, LANGUAGES, strict=True):
            typed[language] = column.text_area(
                language_label(language),
                ", ".join(rules.abbreviations.get(language, ())),
                placeholder=", ".join(ABBREVIATIONS[language][:4]) + " …",
                key=f"{key}_abbreviations_{language}_{number}",
                height=90,
            )
        with st.expander(tr("Rules with patterns (for experts)")):
            st.markdown(
                tr("A rule looks at what stands before and after a place (regular expressions) and says whether a "
                   "sentence ends there.")
            )  # fmt: skip
            edited = st.data_editor(
                pd.DataFrame(rule_rows(rules)).astype({"language": str, "before": str, "after": str, "ends": bool}),
                key=f"{key}_patterns_{number}",
                num_rows="dynamic",
                hide_index=True,
                column_config={
                    "language": st.column_config.SelectboxColumn(
                        tr("Language"), options=list(LANGUAGES), required=True, width="small"
                    ),
                    "before": st.column_config.TextColumn(tr("Before"), required=True, help=r"\bCf\.\s+"),
                    "after": st.column_config.TextColumn(tr("After"), default=""),
                    "ends": st.column_config.CheckboxColumn(tr("A sentence ends here"), default=False),
                },
            )
        allowed = may(Right.ADMINISTER)
        if st.form_submit_button(tr("Save the rules"), icon=":material/save:", disabled=not allowed):
            with told():
                library.set_rules(rules_of(typed, edited.to_dict("list")), seen=rules)
                st.session_state[turn] = number + 1
                say(tr("Saved. Texts are cut by these rules from now on."))
                st.rerun()


def rule_rows(rules: SegmentationRules) -> dict[str, list[object]]:
    """Return the rules with patterns as columns of a table."""
    rows: list[tuple[str, str, str, bool]] = []
    for part, ends in ((rules.no_break, False), (rules.breaks, True)):
        for language, pairs in part.items():
            rows.extend((language, before, after, ends) for before, after in pairs)
    names = ("language", "before", "after", "ends")
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def rules_of(abbreviations: dict[str, str], patterns: dict[str, list[object]]) -> SegmentationRules:
    """Build the rules from what was typed: comma-separated words a language, and the table's columns."""
    words = {
        language: tuple(
            dict.fromkeys(w.strip().rstrip(".") for w in typed.replace("\n", ",").split(",") if w.strip(" ."))
        )
        for language, typed in abbreviations.items()
    }
    parts: tuple[dict[str, list[tuple[str, str]]], dict[str, list[tuple[str, str]]]] = ({}, {})
    columns = [list(patterns.get(name, [])) for name in ("language", "before", "after", "ends")]
    for language, before, after, ends in zip(*columns, strict=True):
        if language and before:
            parts[bool(ends)].setdefault(str(language), []).append((str(before), str(after or "")))
    return SegmentationRules(
        {k: v for k, v in words.items() if v},
        {k: tuple(v) for k, v in parts[0].items()},
        {k: tuple(v) for k, v in parts[1].items()},
    )
