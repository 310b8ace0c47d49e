"""Taking the glossary away as PO or CSV, and bringing a file in after a look at what it would change."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.services.glossary_service import ImportKind, ImportPreview
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.marks import mark_of
from workbench.ui.i18n import language_label, said, tr, trn
from workbench.ui.session import say, told

if TYPE_CHECKING:
    from workbench.services.glossary_service import GlossaryService

PAIRED = ("po", "utx")  # one file for each pair of languages
EXPORT, PREVIEW, BATCH = "glossary_export", "glossary_preview", "glossary_batch"


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as one zip archive, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return out.getvalue()


def draw_export(glossary: GlossaryService) -> None:
    """Draw the choice of format and languages, and the button that gives the file."""
    formats = {
        "po": tr("PO, for Weblate and Poedit"),
        "csv": tr("CSV, one term a row, with everything"),
        "xlsx": tr("XLSX, for a spreadsheet"),
        "tbx": tr("TBX 2019, for terminology programs"),
        "tbx-2008": tr("TBX 2008, for older terminology programs"),
        "tmx": tr("TMX, for translation programs"),
        "utx": tr("UTX, a simple list for each pair"),
        "html": tr("A page for print"),
    }
    format = st.selectbox(tr("Format"), list(formats), format_func=lambda key: formats[key], key="glossary_format")
    pairs = None
    if format in PAIRED:
        left, right = st.columns(2)
        sources = left.multiselect(tr("From"), LANGUAGES, LANGUAGES, format_func=language_label, key="glossary_sources")
        targets = right.multiselect(
            tr("Into"), LANGUAGES, LANGUAGES, format_func=language_label, key="glossary_targets"
        )
        pairs = [(a, b) for a in sources for b in targets if a != b]
        count = trn("{n} file", "{n} files", len(pairs))
        if format == "po":
            st.caption(tr("{count} and a template for each source language, in one zip file.", count=count))
        else:
            st.caption(tr("{count} in one zip file.", count=count))
    wanted = (format, tuple(pairs or ()), glossary.state())  # a file made before a change is offered no more
    if st.button(tr("Prepare the file"), icon=":material/inventory_2:", disabled=pairs == [], key="glossary_prepare"):
        with st.spinner(tr("Writing the file …")):
            export = glossary.export(format, pairs=pairs)
        st.session_state[EXPORT] = (wanted, dict(export.files), export.losses)
    ready = st.session_state.get(EXPORT)
    if not ready or ready[0] != wanted:
        return
    files: dict[str, bytes] = ready[1]
    for loss in ready[2]:
        st.caption(f":material/info: {markdown_text(said(loss))}")
    single = len(files) == 1
    name, data = next(iter(files.items())) if single else (f"glossary-{format}.zip", zip_files(files))
    st.download_button(
        tr("Download {name}", name=markdown_text(name)), data, name, type="primary", icon=":material/download:",
        on_click="ignore", key="glossary_download",
    )  # fmt: skip
    if not single:
        st.caption(markdown_text(", ".join(sorted(files))))


def draw_import(glossary: GlossaryService) -> None:
    """Draw where a file comes in, what it would change, and the button that keeps it."""
    if BATCH in st.session_state and st.button(tr("Take the last import back"), icon=":material/undo:"):
        with told():
            n = glossary.undo_batch(st.session_state.pop(BATCH))
            say(trn("{n} concept is as it was before.", "{n} concepts are as they were before.", n))
            st.rerun()
    turn = st.session_state.setdefault("glossary_turn", 0)
    file = st.file_uploader(
        tr("Glossary file"), type=["csv", "tsv", "xlsx", "po", "pot", "tbx"], max_upload_size=200,
        key=f"glossary_file_{turn}",
        help=tr("A table with one term a row, a TBX file, or a PO file with terms and their translations."),
    )  # fmt: skip
    if file is None:
        st.caption(tr("Nothing is kept before you have seen what would change."))
        return
    with told():
        data = file.getvalue()
        kept = st.session_state.get(PREVIEW)
        if kept is None or kept[0] != (file.name, hash(data)):
            kept = st.session_state[PREVIEW] = ((file.name, hash(data)), glossary.preview_import(data, file.name))
        preview: ImportPreview = kept[1]
        chosen = _draw_preview(preview)
        words = trn("Keep {n} concept", "Keep {n} concepts", len(chosen))
        if st.button(words, type="primary", icon=":material/check:", disabled=not chosen, key="glossary_apply"):
            st.session_state.pop(PREVIEW, None)
            st.session_state["glossary_turn"] = turn + 1
            st.session_state[BATCH] = glossary.apply_import(preview, chosen)
            say(trn("{n} concept was imported.", "{n} concepts were imported.", len(chosen)))
            st.rerun()


def _draw_preview(preview: ImportPreview) -> list[str]:
    """Draw what an import would bring and return the ids that are ticked."""
    import pandas as pd

    for warning in preview.warnings[:20]:
        st.warning(markdown_text(said(warning)), icon=":material/info:")
    kinds = {
        ImportKind.NEW: tr("new"),
        ImportKind.CHANGED: tr("adds to yours"),
        ImportKind.CONFLICTING: tr("contradicts yours"),
    }
    same = len(preview.of(ImportKind.SAME))
    rows = [row for row in preview.rows if row.kind is not ImportKind.SAME]
    if same:
        st.caption(trn("{n} concept is the same as here.", "{n} concepts are the same as here.", same))
    if not rows:
        st.info(tr("The file holds nothing that is not in the glossary already."), icon=":material/check:")
        return []
    frame = pd.DataFrame(
        {
            "keep": [row.kind is not ImportKind.CONFLICTING for row in rows],
            "what": [kinds[row.kind] for row in rows],
            "terms": [" · ".join(shorten(t.text, 40) for t in row.concept.terms[:6]) for row in rows],
            "differences": ["\n".join(row.differences[:6]) for row in rows],
        }
    )
    # An editor goes by its key, columns and number of rows: without a mark the ticks of one file fell on the next.
    mark = mark_of(preview.name, [row.concept.id for row in rows], frame.values.tolist())
    edited = st.data_editor(
        frame, hide_index=True, disabled=["what", "terms", "differences"], key=f"glossary_choice_{mark}",
        column_config={
            "keep": st.column_config.CheckboxColumn(tr("Keep"), width="small"),
            "what": st.column_config.TextColumn(tr("What it is"), width="small"),
            "terms": st.column_config.TextColumn(tr("Terms"), width="large"),
            "differences": st.column_config.TextColumn(tr("What would change"), width="large"),
        },
    )  # fmt: skip
    header = [tr("Keep"), tr("What it is"), tr("Terms"), tr("What would change")]
    draw_downloads("import-preview", header, lambda: edited.values.tolist(), key="import_preview")
    return [row.concept.id for row, keep in zip(rows, edited["keep"], strict=True) if keep]
