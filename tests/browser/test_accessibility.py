"""Everybody's pages: axe-core finds no serious violation on any of them, light and dark; the two editors by keys alone."""

from pathlib import Path

import pytest

from tests.browser.worked import SIGHTS, prepare_worked, visit

pytestmark = pytest.mark.browser

# Streamlit's own parts that a page cannot change, by rule and the part's place.
FOREIGN = {
    "aria-required-children": ("stTabs",),
}


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core, which a Python package carries."""
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(make_app_server):
    return make_app_server(prepare_worked)


_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]});
    return found.violations.filter((v) => ["serious", "critical"].includes(v.impact)).flatMap((v) => v.nodes.map((node) => ({
        rule: v.id, target: node.target.flat().join(" "), html: node.html.slice(0, 200), why: node.failureSummary,
    })));
}"""


def violations(page, axe):
    page.evaluate(axe)
    return page.evaluate(_RUN)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_violation_on_any_page(browser, server, axe, theme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr", color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    found = {}
    for name, sight in SIGHTS.items():
        visit(page, server.url, sight)
        if bad := violations(page, axe):
            found[name] = bad
    context.close()
    assert not found, "\n".join(f"{name}: {v['rule']} {v['html']}\n  {v['why']}" for name in found for v in found[name])
