"""The editor's words in the interface's language, for the component."""

from __future__ import annotations

from typing import Any

from workbench.ui.i18n import percent_sign, tr


def grid_words() -> dict[str, Any]:
    """Return every sentence the component shows; ``{names}`` in them are filled in by it."""
    return {
        "grid": tr("The text's versions side by side, row by row"),
        "rowHead": tr("Row"),
        "rowNumber": tr("Row {row}"),
        "percent": f"{{percent}}{percent_sign()}",
        "confidence": tr("confidence {percent} percent"),
        "show": tr("Rows to show"),
        "filters": {
            "all": tr("All"),
            "doubtful": tr("Doubtful"),
            "confirmed": tr("Confirmed"),
            "crossing": tr("Crossing"),
        },
        "nothing": {
            "all": tr("This grid has no rows."),
            "doubtful": tr("No row is doubtful any more."),
            "confirmed": tr("No row is confirmed yet: Enter confirms one."),
            "crossing": tr("No row crosses another: all versions follow the same order."),
        },
        "levels": {
            "confirmed": tr("confirmed"),
            "accepted": tr("in the memory, not reviewed"),
            "sure": tr("sure"),
            "fair": tr("probably right"),
            "doubtful": tr("doubtful"),
            "poor": tr("very doubtful"),
            "edited": tr("not confirmed yet"),
            "new": tr("new, not aligned yet"),
        },
        "reasons": _reasons(),
        "crossing": tr("stands in another order elsewhere"),
        "numberDiffers": tr("This number is missing in another language of the row"),
        "nameDiffers": tr("No other language of the row has this name"),
        "terms": {
            "notHere": tr("not in this row"),
            "avoid": tr("The glossary says something else instead."),
            "none": tr("No term of the glossary stands in this row."),
        },
        "untranslated": tr("left out"),
        "nothingHere": "—",
        "stale": tr("Its original has changed since"),
        "fixed": tr("It said before: {before}"),
        "lost": tr("(This segment is no longer in the text.)"),
        "splitHere": tr("Split the row here"),
        "errorsLeft": tr("Errors likely left: {n}"),
        "errorsLeftHelp": tr("Added up from the doubt of every row that nobody has confirmed"),
        "worstFirst": tr("Most doubtful first"),
        "undo": tr("Undo"),
        "redo": tr("Redo"),
        "nextDoubtful": tr("Next doubtful"),
        "acceptAbove": tr("Keep the sure ones …"),
        "acceptLabel": tr("Put rows into the memory from a confidence of"),
        "acceptRows": tr("Keep rows: {n}"),
        "acceptNote": tr("They are marked as not reviewed."),
        "acceptedRows": tr("Rows put into the memory: {n}"),
        "rowActions": tr("What to do with this row"),
        "actions": {
            "merge": tr("Merge with the next row"),
            "split": tr("Split the row after this segment"),
            "up": tr("Move the segment to the row above"),
            "down": tr("Move the segment to the row below"),
            "untranslated": tr("Mark as left out in this language"),
            "fix": tr("Correct the segment"),
            "link": tr("Copy the address of the segment"),
            "confirm": tr("Confirm the row"),
        },
        "short": {
            "confirm": tr("confirm"),
            "nextDoubtful": tr("next doubtful"),
            "merge": tr("merge"),
            "split": tr("split"),
            "moveSegment": tr("move"),
            "untranslated": tr("left out"),
            "undo": tr("undo"),
        },
        "keys": {
            "moveRows": tr("Go to the row above or below"),
            "moveColumns": tr("Go to the next segment or language"),
            "confirm": tr("Confirm the row and go to the next doubtful one"),
            "nextDoubtful": tr("Next or previous doubtful row"),
            "merge": tr("Merge with the next or the previous row"),
            "split": tr("Split the row after the chosen segment"),
            "moveSegment": tr("Move the segment to the row above or below"),
            "untranslated": tr("Mark as left out in this language, or take the mark away"),
            "fix": tr("Correct the segment or cut it in two"),
            "link": tr("Copy the address of the segment, to send it to somebody"),
            "terms": tr("Show the row’s next term and what answers it in the other languages"),
            "undo": tr("Undo"),
            "redo": tr("Redo"),
            "unconfirm": tr("Take the confirmation back"),
            "ends": tr("First or last row"),
            "keys": tr("Show these keys"),
        },
        "keysTitle": tr("Keys of the grid"),
        "allKeys": tr("all keys"),
        "close": tr("Close"),
        "or": tr("or"),
        "fixLabel": tr("Text of the segment"),
        "save": tr("Save (Enter)"),
        "cutHere": tr("Cut at the caret (Ctrl+Enter)"),
        "cancel": tr("Cancel (Esc)"),
        "undone": tr("Undone."),
        "redone": tr("Done again."),
        "changedElsewhere": changed_elsewhere(),
        "typed": tr("You had typed: {typed}", typed="{typed}"),
        "linkCopied": tr("The address of the segment is copied: paste it into a message."),
        "notCopied": tr("The browser did not let the address be copied: {address}"),
        "mayOnlyRead": tr("You may look at the rows; to change them you need the role of translator."),
        "nothingToUndo": tr("There is nothing to undo."),
        "nothingToRedo": tr("There is nothing to do again."),
        "noDoubtful": tr("No row is doubtful any more."),
        "confirmedLeft": tr("Row {row} confirmed. Doubtful rows left: {left}"),
        "confirmedNone": tr("Row {row} confirmed. No row is doubtful any more."),
        "refused": {
            "noRow": tr("There is no such row."),
            "noMerge": tr("There is no row below to merge with."),
            "noSplit": tr("This row has a single segment in each language: there is no boundary to split at."),
            "noMove": tr("There is no segment here to move."),
            "noDetach": tr("This row has nothing but this language: there is nothing to part it from."),
            "noCut": tr("Put the caret between two words to cut the segment there."),
        },
    }


def changed_elsewhere() -> str:
    """Say that a step met somebody else's change."""
    return tr("Somebody else changed this grid meanwhile. You see the new rows; your last step was not stored.")


def _reasons() -> dict[str, str]:
    return {
        "lengths": tr("lengths differ"),
        "lengths differ": tr("lengths differ"),
        "languages disagree": tr("languages disagree"),
        "numbers": tr("numbers differ"),
        "numbers differ": tr("numbers differ"),
        "meaning": tr("meanings are far apart"),
        "alone": tr("nothing answers it"),
        "no counterpart": tr("nothing answers it"),
        "neighbours": tr("a neighbour fits as well"),
        "not aligned yet": tr("not aligned yet"),
        "added in a revision": tr("added in a revision"),
    }
