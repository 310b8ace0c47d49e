"""Pages for everybody: axe-core finds no serious violation on any, light and dark; the two editors by keys alone."""

from pathlib import Path

import pytest

from tests.browser.worked import SIGHTS, prepare_worked, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core, which a Python package carries."""
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(make_app_server):
    return make_app_server(prepare_worked)


_RUN = """async () => {
    const rules = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"];
    const found = await axe.run(document, {resultTypes: ["violations"], runOnly: rules});
    const grave = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
    return grave.flatMap((v) => v.nodes.map((node) => ({
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
        assert page.locator("h1").count(), f"{name} has no title that a screen reader could jump to"
        if bad := violations(page, axe):
            found[name] = bad
    context.close()
    assert not found, "\n".join(f"{name}: {v['rule']} {v['html']}\n  {v['why']}" for name in found for v in found[name])


# Keys alone --------------------------------------------------------------------------------------------------------

_FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return "";
    const name = element.getAttribute("aria-label") || element.innerText || element.placeholder || "";
    return `${element.getAttribute("role") || element.tagName.toLowerCase()}: ${name.trim().slice(0, 80)}`;
}"""


def tab_until(page, wanted, *, key="Tab", most=90):
    """Press a key until what has the focus has a name with the wanted words; return the names on the way."""
    seen = []
    for _ in range(most):
        page.keyboard.press(key)
        seen.append(page.evaluate(_FOCUSED))
        if wanted in seen[-1]:
            return seen
    raise AssertionError(f"{most} times {key} never reach {wanted!r}: {seen}")


def test_the_grid_is_reached_worked_in_and_left_by_keys_alone(page, server):
    visit(page, server.url, SIGHTS["align"])
    page.evaluate("() => document.activeElement?.blur()")
    seen = tab_until(page, "grid: ")
    for name in ("Texts", "Glossary", "Align again", "radio: All", "Next doubtful"):
        assert any(name in place for place in seen), (name, seen)
    before = page.locator(".rows .row.active").get_attribute("data-place")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=editor][data-saving=no]")
    after = page.locator(".rows .row.active").get_attribute("data-place")
    assert after != before
    page.keyboard.press("u")
    page.wait_for_selector("[data-part=editor][data-saving=no]")
    page.keyboard.press("Shift+Tab")
    assert "grid: " not in page.evaluate(_FOCUSED), "Tab is no trap"
    seen = tab_until(page, "grid: ", most=5)


def test_a_segment_is_reached_translated_and_confirmed_by_keys_alone(page, server):
    visit(page, server.url, SIGHTS["translate-begun"])
    page.evaluate("() => document.activeElement?.blur()")
    seen = tab_until(page, "textarea: ")
    for name in ("Texts", "Fill in from the memory", "Next to do"):
        assert any(name in place for place in seen), (name, seen)
    key = page.locator(".desk .row.active").get_attribute("data-key")
    page.keyboard.type("By keys alone.")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED).startswith("button"), "Tab leaves the field"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    page.locator(f'.desk .row.state-translated[data-key="{key}"]').wait_for()
    assert "textarea" in page.evaluate(_FOCUSED), "the next segment's field has the focus"
    page.locator('.desk .saved[data-state="saved"]').wait_for()


def test_the_first_page_leads_to_the_next_task_by_keys_alone(page, server):
    visit(page, server.url, SIGHTS["home"])
    page.evaluate("() => document.activeElement?.blur()")
    tab_until(page, "Update the Portuguese of")
    page.keyboard.press("Enter")
    page.locator(".desk .row.active textarea").wait_for(timeout=90_000)
