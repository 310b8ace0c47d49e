"""The memory: how something was said before, in any language; bringing units in and taking them out."""

from __future__ import annotations

import io
from typing import Any

import streamlit as st

from workbench.core.concordance import parse_query
from workbench.core.languages import LANGUAGES
from workbench.core.people import Right
from workbench.errors import Sentence, sentence
from workbench.services.job_service import Progress
from workbench.services.memory_import import ImportReport
from workbench.services.workspace import Workspace
from workbench.ui.components.concordance import hits_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.jobs import draw_jobs
from workbench.ui.components.labels import distinct
from workbench.ui.components.memory_analysis import draw_analysis
from workbench.ui.components.memory_tidy import draw_tidy
from workbench.ui.components.memory_unit import draw_unit
from workbench.ui.components.page_head import draw_facts, draw_head, draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.pager import current_offset, draw_pager
from workbench.ui.i18n import day, labelled, language_label, number, said, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, may, prepare_search, recall_choices, say, told

PAGE = 25  # hits on one page
SUFFIXES = ("tmx", "po", "pot", "xliff", "xlf", "csv", "tsv", "xlsx")
FORMATS = {"tmx": "TMX", "xliff": "XLIFF 1.2", "xliff2": "XLIFF 2.1", "po": "PO", "csv": "CSV", "xlsx": "XLSX"}
PAIR_FORMATS = ("po", "xliff", "xliff2")
JOB, EXPORT, OFFSET, TERMS_READY = "memory_import_job", "memory_export", "memory_offset", "_terms_ready"
ASKED = "_memory_asked"


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    draw_head(
        tr("Memory"), tr("Every sentence confirmed or imported, in all its languages: see how it was said before.")
    )
    draw_said()
    with told():
        _draw_stats(workspace)
        prepare_search(workspace)
    draw_jobs(workspace)
    if param("unit"):
        _draw_unit(workspace, param("unit"))
        return
    parts = {
        tr("Look up"): _draw_search,
        tr("Analyse"): draw_analysis,
        tr("Tidy up"): _draw_tidy,
        tr("Import"): _draw_import,
        tr("Export"): _draw_export,
    }
    if not may(Right.REVISE):
        del parts[tr("Tidy up")], parts[tr("Import")]
    for tab, draw_part in zip(st.tabs(list(parts), on_change="rerun", key="memory_tab"), parts.values(), strict=True):
        if tab.open:
            with tab, told():
                draw_part(workspace)


def _draw_stats(workspace: Workspace) -> None:
    stats = workspace.memory.stats()
    facts = [
        (number(stats.units), trn("unit", "units", stats.units)),
        *((number(n), language_label(code)) for code, n in stats.variants.items() if code in LANGUAGES),
        (number(stats.reviewed), tr("checked by a person")),
    ]
    draw_facts(facts)


def _draw_search(workspace: Workspace) -> None:
    asked = (param("q"), param("language"))
    if asked != st.session_state.get(ASKED) and param("q"):
        st.session_state["memory_query"] = param("q")[:300]
        st.session_state["memory_language"] = param("language") if param("language") in LANGUAGES else ""
        _first_page()
    recall_choices("memory")
    st.session_state[ASKED] = asked  # a link asks once; then the fields hold
    words, where, texts = st.columns([2.4, 1, 1.6])
    query = words.text_input(
        tr("Words to look for"), key="memory_query", icon=":material/search:", on_change=_first_page,
        placeholder=tr("Words, \"a phrase\", begin*"),
        help=tr("All words must be there; accents and capitals make no difference. “\"a phrase\"” finds words in this "
                "order, “begin*” all words that begin so, “a OR b” either, “-without” leaves out, “a NEAR b” finds "
                "words close to each other."),
    )  # fmt: skip
    language = where.selectbox(
        tr("Found in"), ["", *LANGUAGES], key="memory_language", on_change=_first_page,
        format_func=lambda code: language_label(code) if code else tr("any language"),
    )  # fmt: skip
    titles = distinct({text.text.slug: text.text.title for text in workspace.library.coverage()})
    slug = texts.selectbox(
        tr("Learnt from"), ["", *titles], key="memory_text", on_change=_first_page,
        format_func=lambda key: titles[key] if key else tr("all texts and files"),
    )  # fmt: skip
    shown = st.pills(
        tr("Beside it show"), LANGUAGES, selection_mode="multi", default=LANGUAGES, format_func=language_label,
        key="memory_beside",
    )  # fmt: skip
    if not query.strip():
        st.caption(tr("Type a word or two to see every sentence that holds them, with its translations."))
        return
    parsed = parse_query(query)
    page = workspace.memory.concordance(
        query, language=language or None, text=slug or None, limit=PAGE, offset=int(st.session_state.get(OFFSET, 0))
    )
    if page.total and not page.hits:  # what stood on this page was removed, or was found for other words
        page = workspace.memory.concordance(
            query, language=language or None, text=slug or None, limit=PAGE,
            offset=current_offset(OFFSET, page.total, PAGE),
        )  # fmt: skip
    if not page.hits:
        st.info(
            tr("Nothing like that is in the memory. Try fewer words, or the beginning of a word with *."),
            icon=":material/search_off:",
        )
        return
    count = number(page.total) + ("" if page.complete else "+")
    st.caption(trn("{count} unit found, last learnt first", "{count} units found, last learnt first", page.total,
                   count=count))  # fmt: skip
    place = st.empty()
    if not st.session_state.get(TERMS_READY):  # the glossary takes seconds to be read: what was found comes first
        with place.container():
            draw_html("hits", hits_html(page.hits, parsed, shown, {}), key="hits_first")
    finders = {code: workspace.glossary.recogniser(code) for code in LANGUAGES}
    st.session_state[TERMS_READY] = True
    with place.container():
        draw_html("hits", hits_html(page.hits, parsed, shown, finders), key="hits")
    pager, files = st.columns([3, 1], vertical_alignment="center")
    with pager:
        draw_pager(OFFSET, page.total, PAGE, complete=page.complete)
    with files:
        rows = [[hit.unit.texts.get(code, "") for code in LANGUAGES] for hit in page.hits]
        draw_downloads("concordance", [language_label(code) for code in LANGUAGES], lambda: rows, key="concordance")


def _first_page() -> None:
    st.session_state[OFFSET] = 0


def _draw_unit(workspace: Workspace, name: str) -> None:
    if st.button(tr("Back to the search"), icon=":material/arrow_back:"):
        go("memory")
    with told():
        draw_unit(workspace.memory, int(name) if name.isdecimal() and len(name) < 12 else 0)


def _draw_tidy(workspace: Workspace) -> None:
    draw_tidy(workspace.memory)


# Bringing in -------------------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)  # type: ignore[untyped-decorator]
def _reports() -> dict[int, ImportReport]:
    """Reports of imports by their job's number; the jobs run in the background, where no session is."""
    return {}


def _draw_import(workspace: Workspace) -> None:
    st.markdown(
        tr("Bring in translations made elsewhere: TMX from OmegaT or Trados, PO from Poedit or Weblate, XLIFF, or a "
           "table with a column for each language. An import can be taken back as a whole.")
    )  # fmt: skip
    turn = st.session_state.setdefault("memory_turn", 0)
    file = st.file_uploader(tr("Exchange file"), type=list(SUFFIXES), key=f"memory_file_{turn}")
    left, right, options = st.columns([1, 1, 2], vertical_alignment="bottom")
    choices = ["", *LANGUAGES, "pt-BR", "pt-PT"]
    source = left.selectbox(
        tr("Source language"), choices, key="import_source",
        format_func=lambda code: language_label(code) if code else tr("as the file says"),
    )  # fmt: skip
    target = right.selectbox(
        tr("Target language"), choices, key="import_target",
        format_func=lambda code: language_label(code) if code else tr("as the file says"),
    )  # fmt: skip
    with options:
        reviewed = st.checkbox(
            tr("These translations were checked by a person"), True, key="import_reviewed",
            help=tr("What is not checked is offered with a lower score and never fills by itself."),
        )  # fmt: skip
        keep_going = st.checkbox(tr("If the file is damaged, take what can be read"), False, key="import_keep_going")
    if st.button(tr("Import"), type="primary", icon=":material/upload:", disabled=file is None) and file is not None:
        st.session_state[JOB] = start_import(
            workspace, file.getvalue(), file.name,
            source=source or None, target=target or None, reviewed=reviewed, keep_going=keep_going,
        )  # fmt: skip
        st.session_state["memory_turn"] = turn + 1
        st.rerun()
    _draw_report(workspace)
    _draw_imports(workspace)


def start_import(workspace: Workspace, data: bytes, name: str, **options: Any) -> int:
    """Import a file in the background and return the job's number; the report is kept for the page."""
    numbers: list[int] = []
    reports = _reports()

    def work(progress: Progress) -> Sentence:
        report = workspace.memory.import_file(
            io.BytesIO(data), name=name, progress=lambda done: progress(done, len(data)), **options
        )
        if numbers:
            reports[numbers[0]] = report
        return sentence(
            "{units} units read: {added} new, {grown} gained a language, {known} were there already, {left} left out.",
            units=report.units, added=report.added, grown=report.grown, known=report.known, left=len(report.skipped),
        )  # fmt: skip

    numbers.append(workspace.jobs.start("import", name, work))
    return numbers[0]


def _draw_report(workspace: Workspace) -> None:
    """Draw how the last import of this session ended, with what was left out and why."""
    job = workspace.jobs.get(st.session_state[JOB]) if JOB in st.session_state else None
    if job is None or job.state == "running":
        return
    if job.state == "failed":
        st.error(markdown_text(said(job.sentence)), icon=":material/error:")
        return
    report = _reports().get(job.id)
    words = report_words(report) if report else said(job.sentence)
    st.success(markdown_text(labelled(job.subject, words)), icon=":material/check_circle:")
    if report is None:
        return
    if report.broken:
        st.warning(markdown_text(report.broken), icon=":material/warning:")
    if report.skipped:
        with st.expander(trn("{n} unit left out", "{n} units left out", len(report.skipped))):
            for skipped in report.skipped[:100]:
                st.caption(markdown_text(tr("Line {n}: {reason}", n=skipped.line, reason=said(skipped.reason))))


def report_words(report: ImportReport) -> str:
    """Return what an import did, in a sentence."""
    parts = [
        trn("{n} unit read", "{n} units read", report.units),
        trn("{n} new", "{n} new", report.added),
        trn("{n} gained a language", "{n} gained a language", report.grown),
        trn("{n} was there already", "{n} were there already", report.known),
    ]
    if report.skipped:
        parts.append(trn("{n} left out", "{n} left out", len(report.skipped)))
    return ", ".join(parts) + "."


def _draw_imports(workspace: Workspace) -> None:
    imports = [batch for batch in workspace.memory.imports(limit=20) if batch.state != "staged"]
    if not imports:
        return
    draw_section(tr("Earlier imports"))
    states = {"published": tr("in the memory"), "undone": tr("taken back")}
    for batch in imports:
        words, button = st.columns([5, 1], vertical_alignment="center")
        facts = (
            trn("{n} unit", "{n} units", batch.units), day(batch.at), batch.by, states.get(batch.state, batch.state)
        )  # fmt: skip
        words.markdown(f"**{markdown_text(shorten(batch.name, 70))}**  \n{markdown_text(' · '.join(facts))}")
        if batch.state == "published":
            with button.popover(tr("Take back"), icon=":material/undo:", width="stretch"):
                st.markdown(tr("Everything that only this import brought will leave the memory."))
                if st.button(tr("Yes, take it back"), key=f"undo_{batch.id}", type="primary"):
                    with told(), st.spinner(tr("Taking the import back …")):
                        workspace.memory.undo_import(batch.id)
                        say(tr("{name} was taken back.", name=batch.name))
                        st.session_state.pop(JOB, None)
                        st.rerun()
    header = [tr("File"), tr("Units"), tr("Day"), tr("By"), tr("State")]
    rows = [[b.name, b.units, b.at[:10], b.by, states.get(b.state, b.state)] for b in imports]
    draw_downloads("imports", header, lambda: rows, key="imports")


# Taking out --------------------------------------------------------------------------------------------------------


def _draw_export(workspace: Workspace) -> None:
    st.markdown(tr("TMX holds all four languages in one file and loses nothing; PO and XLIFF hold one pair each."))
    left, middle, right = st.columns(3)
    format = left.selectbox(tr("Format"), list(FORMATS), format_func=lambda key: FORMATS[key], key="export_format")
    pair = format in PAIR_FORMATS
    choices = [*LANGUAGES] if pair else ["", *LANGUAGES]
    source = middle.selectbox(
        tr("From"), choices, key=f"export_source_{pair}",
        format_func=lambda code: language_label(code) if code else tr("all languages"),
    )  # fmt: skip
    target = ""
    if source:  # all languages go into all of them: nothing to choose
        target = right.selectbox(
            tr("Into"), [code for code in choices if code != source or not code], key=f"export_target_{pair}",
            format_func=lambda code: language_label(code) if code else tr("all languages"),
        )  # fmt: skip
    # A file made before a change of the memory is offered no more.
    wanted = (format, source, target, workspace.memory.stats().revision)
    if st.button(tr("Prepare the file"), icon=":material/inventory_2:"):
        with st.spinner(tr("Writing the file …"), show_time=True):
            out = io.BytesIO()
            report = workspace.memory.export_file(out, format=format, source=source or None, target=target or None)
        st.session_state[EXPORT] = (wanted, out.getvalue(), report.units, report.sentences())
    ready = st.session_state.get(EXPORT)
    if ready and ready[0] == wanted:
        for loss in ready[3]:
            st.caption(f":material/info: {markdown_text(said(loss))}")
        codes = "-".join(code for code in (source, target) if code)
        suffix = {"xliff2": "xliff"}.get(format, format)
        st.download_button(
            trn("Download {n} unit", "Download {n} units", ready[2]), ready[1],
            f"memory{'.' + codes if codes else ''}.{suffix}", key="export_download", type="primary",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


draw()
