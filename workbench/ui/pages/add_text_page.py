"""Bringing versions in: files or pasted text, the language corrected, the cut looked at, then kept or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from workbench.core.languages import LANGUAGES
from workbench.core.people import Right
from workbench.core.segmentation import SegmentationRules
from workbench.core.texts import TextInfo, slugify
from workbench.errors import WorkbenchError
from workbench.services.revision_preview import preview_revision
from workbench.services.uploads import (
    SURE,
    ReadVersion,
    Upload,
    check_languages,
    read_upload,
    suggested_title,
    unit_rows,
)
from workbench.services.workspace import Workspace
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.jobs import at_this_pace, time_left
from workbench.ui.components.labels import KINDS, distinct, kind_label
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.revisions import revision_words
from workbench.ui.components.rules_editor import draw_rules
from workbench.ui.components.segments import count_words, segments_html
from workbench.ui.i18n import labelled, language_label, percent, said, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, forget_choices, recall_choices, say, told
from workbench.ui.sign_in import draw_only_for

SUFFIXES = ("txt", "md", "html", "htm", "docx", "odt", "po", "xliff", "xlf", "tmx", "csv",
            "properties", "json")  # fmt: skip
MAX_MEGABYTES = 200  # far over what the reader takes: up to here it says so itself, in the person's language
CHOICES = (*LANGUAGES, "pt-BR", "pt-PT")
KEEPING = "_add_keeping"  # session state: (turn, short name) of the text that is being kept
FORM_KEYS = ("add_title", "add_slug", "add_kind", "add_original")


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    known = {text.text.slug: text.text.title for text in workspace.library.coverage()}
    given = param("text") if param("text") in known else ""
    if given:
        draw_head(
            tr("Add or revise versions"),
            tr("“{title}”: a new language, or a newer file of one it has.", title=known[given]),
        )
    else:
        draw_head(
            tr("Add a text"),
            tr("Bring one to four language versions of the same text. Nothing is kept before you have looked at it."),
        )
    draw_said()
    if param("text") and not given:
        gone = tr("There is no text “{name}” here: it was renamed or removed.", name=shorten(param("text"), 60))
        st.warning(markdown_text(gone), icon=":material/link_off:")
    draw_only_for(workspace, Right.TRANSLATE)
    uploads = _uploads()
    if not uploads:
        _draw_hints()
        return
    versions = _read(workspace, uploads)
    if not versions:
        return
    versions = _draw_versions(workspace, versions)
    with st.expander(tr("Is a sentence cut in the wrong place?"), icon=":material/content_cut:"):
        draw_rules(workspace.library, key="add")
    try:
        check_languages(versions)
    except WorkbenchError as error:
        st.error(markdown_text(said(error)), icon=":material/error:")
        return
    _draw_keep(workspace, versions, known, given)


def _uploads() -> list[Upload]:
    """Draw where files and pasted text come in, and return what is there."""
    turn = st.session_state.setdefault("add_turn", 0)
    files, paste = st.tabs([tr("Files"), tr("Paste text")])
    with files:
        chosen = st.file_uploader(
            tr("The versions of one text"), accept_multiple_files=True, key=f"add_files_{turn}",
            type=list(SUFFIXES), max_upload_size=MAX_MEGABYTES,
            help=tr("Word, OpenDocument, HTML, Markdown, plain text, PO, XLIFF, TMX or CSV."),
        )  # fmt: skip
    uploads = [Upload(file.name, file.getvalue()) for file in chosen or []]
    recall_choices("add")
    with paste:
        for place, column in enumerate(st.columns(2) + st.columns(2)):
            filled = [st.session_state.get(f"add_paste_{turn}_{n}") for n in range(place)]
            if place and not all(filled):
                break  # a new field appears when those before it are filled
            pasted = column.text_area(
                trn("Version {n}", "Version {n}", place + 1), key=f"add_paste_{turn}_{place}", height=160,
                placeholder=tr("Paste one language version here"),
            )  # fmt: skip
            if pasted.strip():
                name = tr("pasted text {n}", n=place + 1)
                uploads.append(Upload(f"{name}.txt", pasted.encode("utf-8", "replace")))
    return uploads


def _draw_hints() -> None:
    st.markdown(
        tr("- **Name files by language** (`message.fr.docx`, `message_es.docx`): the language is then known at once. "
           "Otherwise it is guessed from the words, and you can correct it.\n"
           "- **Files with several languages** (TMX, XLIFF, PO, CSV) bring their alignment along.\n"
           "- **A newer version of a text you have**: bring it in here too. Unchanged sentences keep their "
           "translations; changed ones are marked as out of date in the other languages.")
    )  # fmt: skip


def _read(workspace: Workspace, uploads: Sequence[Upload]) -> list[ReadVersion]:
    """Read each file; one that cannot be read says so and leaves the others alone."""
    rules = workspace.library.rules()
    kept = st.session_state.setdefault("add_read", {})
    found: list[ReadVersion] = []
    fresh = {}
    for upload in uploads:
        key = (upload.name, hash(upload.data), repr(rules))
        try:
            if key not in kept:
                kept[key] = _read_one(upload, rules)
        except WorkbenchError as error:
            st.error(markdown_text(said(error)), icon=":material/error:")
            continue
        fresh[key] = kept[key]
        found.extend(kept[key])
    st.session_state["add_read"] = fresh
    return found


def _read_one(upload: Upload, rules: SegmentationRules) -> tuple[ReadVersion, ...]:
    """Read a file; what takes long says how long yet, and can be stopped."""
    words = tr("Reading {name} …", name=markdown_text(shorten(upload.name, 60)))
    place, started = st.empty(), monotonic()
    drawn: list[DeltaGenerator] = []

    def tell(done: int, total: int) -> None:
        left = at_this_pace(done, total, monotonic() - started)
        if left is None:
            return
        if not drawn:
            bar, stop = place.container().columns([6, 1], vertical_alignment="center")
            stop.button(tr("Stop"), icon=":material/stop_circle:", on_click=_start_over, width="stretch")
            drawn.append(bar.empty())
        drawn[0].progress(done / total, text=time_left(left).capitalize())

    with place, st.spinner(words):
        read = read_upload(upload, rules=rules, progress=tell)
    place.empty()
    return read


def _draw_versions(workspace: Workspace, versions: Sequence[ReadVersion]) -> list[ReadVersion]:
    """Draw each version with its language and its segments; returns them in the languages chosen."""
    draw_section(tr("What was read"))
    rules = workspace.library.rules()
    result = []
    for start in range(0, len(versions), 4):
        group = versions[start : start + 4]
        for place, (version, column) in enumerate(zip(group, st.columns(max(len(group), 2)), strict=False), start):
            with column:
                result.append(_draw_version(version, place, rules))
    return result


def _draw_version(version: ReadVersion, place: int, rules: object) -> ReadVersion:
    choices = list(dict.fromkeys((*CHOICES, version.language)))
    language = st.selectbox(
        tr("Language of {name}", name=shorten(version.upload.name, 40)), choices, choices.index(version.language),
        format_func=language_label, key=f"add_language_{place}_{version.upload.name}_{version.language}",
    )  # fmt: skip
    if language != version.language:
        version = version.in_language(language, rules)  # type: ignore[arg-type]
    counts = " · ".join(
        (
            trn("{n} segment", "{n} segments", len(version.segments)),
            trn("{n} word", "{n} words", count_words(version.segments)),
            _how(version),
        )
    )
    st.caption(markdown_text(counts))
    if version.how == "content" and version.certainty < SURE:
        st.warning(tr("The language is not certain: please check it."), icon=":material/translate:")
    for warning in version.warnings:
        st.warning(markdown_text(said(warning)), icon=":material/info:")
    with st.container(height=320):
        draw_html("segments", segments_html(version.segments, version.language), key=f"add_segments_{place}")
    return version


def _how(version: ReadVersion) -> str:
    return {
        "told": tr("language chosen by you"),
        "declared": tr("language stated in the file"),
        "name": tr("language from the file’s name"),
        "content": tr("language guessed, {share} sure", share=percent(version.certainty)),
    }.get(version.how, "")


def _draw_keep(workspace: Workspace, versions: list[ReadVersion], known: dict[str, str], given: str) -> None:
    draw_section(tr("Keep it"))
    new, existing = tr("As a new text"), tr("As versions of a text that is here already")
    choice = new
    if known:
        choice = st.radio(
            tr("Keep it"), [new, existing], index=1 if given else 0, horizontal=True, key="add_where",
            label_visibility="collapsed",
        )  # fmt: skip
    if choice == existing:
        _draw_revise(workspace, versions, known, given)
    else:
        _draw_new(workspace, versions, known)


def _draw_new(workspace: Workspace, versions: list[ReadVersion], known: dict[str, str]) -> None:
    languages = [version.language for version in versions]
    with st.form("add_new", border=False):
        wide, short = st.columns([2, 1])
        title = wide.text_input(tr("Title"), shorten(suggested_title(versions), 150), max_chars=200, key="add_title")
        slug = short.text_input(
            tr("Short name (optional)"), "", max_chars=80, key="add_slug", placeholder=slugify(title, known),
            help=tr("Names the text in addresses and file names: lower-case letters without accents, digits, hyphens."),
        )  # fmt: skip
        left, right = st.columns([2, 1])
        kind = left.selectbox(
            tr("Kind of text"), list(KINDS), format_func=kind_label, accept_new_options=True, key="add_kind"
        )
        original = right.selectbox(
            tr("Language of the original"), languages, format_func=language_label, key="add_original"
        )
        if unit_rows(versions) is not None:
            st.caption(tr("The file says which sentences belong together: the text comes in aligned."))
        elif len(versions) == 1:
            st.caption(tr("One language only: you can translate it, or add another version later and align them."))
        pressed = st.form_submit_button(tr("Keep the text"), type="primary", icon=":material/check:")
    if pressed:
        with told():
            # A second click while the text is being kept ends this run after that and before it could say so.
            turn = st.session_state.get("add_turn", 0)
            again, kept = st.session_state.get(KEEPING, (-1, ""))
            if again != turn or kept not in known:
                kept = slug.strip() or slugify(title.strip() or suggested_title(versions), known)
                st.session_state[KEEPING] = (turn, kept)
                about = TextInfo(kept, title.strip(), str(kind or "page"), original or languages[0])
                try:
                    workspace.library.add_text(about, versions)
                except WorkbenchError:
                    del st.session_state[KEEPING]
                    raise
            text = workspace.library.text(kept)
            _start_over()
            say(trn("“{title}” is kept with {n} version.", "“{title}” is kept with {n} versions.", len(versions),
                    title=text.title))  # fmt: skip
            go("text", text=text.slug)


def _draw_revise(workspace: Workspace, versions: list[ReadVersion], known: dict[str, str], given: str) -> None:
    slugs, titles = list(known), distinct(known)
    slug = st.selectbox(
        tr("Text"), slugs, slugs.index(given) if given else 0, format_func=titles.__getitem__, key="add_to"
    )
    with told():
        preview = preview_revision(workspace.library, slug, versions)
        has = workspace.library.versions(slug)
        for language, summary in preview.items():
            words = revision_words(summary, new=language not in has)
            st.markdown(f"- **{markdown_text(language_label(language))}** · {markdown_text(words)}")
        if st.button(tr("Keep these versions"), type="primary", icon=":material/check:", key="add_revise"):
            workspace.library.put_versions(slug, versions)
            for language, summary in preview.items():
                words = revision_words(summary, new=language not in has)
                say(labelled(language_label(language), words))
            _start_over()
            go("text", text=slug)


def _start_over() -> None:
    st.session_state["add_turn"] = st.session_state.get("add_turn", 0) + 1
    forget_choices("add")
    for key in ("add_read", *FORM_KEYS):
        st.session_state.pop(key, None)


draw()
