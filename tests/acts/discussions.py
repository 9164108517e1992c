"""The ladder's rungs for discussions: in a hidden group that the mayor of Alexandria keeps."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.acts.making import Cast
from tests.acts.rung import Given, Rung
from tests.living import Caller

Making = Callable[[Cast], Awaitable[Given]]
_R, _M = "Refused", "Missing"


async def _new_group(_cast: Cast) -> Given:
    return {"name": "Ladders", "audience": "HIDDEN", "confidentiality": "ORDINARY"}


async def _group(cast: Cast) -> str:
    return str((await cast.mayor.done("createGroup", **await _new_group(cast)))["id"])


async def _thread(cast: Cast) -> tuple[str, str]:
    group = await _group(cast)
    started = await cast.mayor.done("startThread", groupId=group, title="Rungs", body="How many?")
    return group, str(started["id"])


async def _post(cast: Cast) -> tuple[str, str]:
    _, thread = await _thread(cast)
    return thread, str((await cast.mayor.done("reply", threadId=thread, body="Seven."))["id"])


async def _third(cast: Cast) -> tuple[Caller, str]:
    """Another mayor, and how to name them."""
    third = await cast.home.caller("mayor@portsmouth-va.example")
    asked = "{ viewer { capacity { principal { id } } } }"
    return third, (await third.ask(asked))["viewer"]["capacity"]["principal"]["id"]


def _in_a_group(**more: Any) -> Making:
    async def given(cast: Cast) -> Given:
        return {"groupId": await _group(cast), **more}

    return given


def _in_a_thread(**more: Any) -> Making:
    async def given(cast: Cast) -> Given:
        return {"threadId": (await _thread(cast))[1], **more}

    return given


def _on_a_post(**more: Any) -> Making:
    async def given(cast: Cast) -> Given:
        return {"postId": (await _post(cast))[1], **more}

    return given


def _after(making: Making, act: str, **only: Any) -> Making:
    """What is given once the mayor has done this already."""

    async def given(cast: Cast) -> Given:
        made = await making(cast)
        named = {name: value for name, value in made.items() if name.endswith("Id")}
        await cast.mayor.done(act, **named, **only)
        return made

    return given


async def _invited(cast: Cast) -> Given:
    third, mayor = await _third(cast)
    group = await _group(cast)
    await cast.mayor.done("inviteToGroup", groupId=group, mayorIds=[mayor])
    return {"groupId": group, "_third": third}


async def _joined(cast: Cast) -> Given:
    given = await _invited(cast)
    await given["_third"].done("joinGroup", groupId=given["groupId"])
    return given


async def _to_invite(cast: Cast) -> Given:
    _, mayor = await _third(cast)
    return {"groupId": await _group(cast), "mayorIds": [mayor]}


async def _to_remove(cast: Cast) -> Given:
    given = await _joined(cast)
    _, mayor = await _third(cast)
    return {"groupId": given["groupId"], "mayorId": mayor}


async def _nobody_to_remove(cast: Cast) -> Given:
    _, mayor = await _third(cast)
    return {"groupId": await _group(cast), "mayorId": mayor}


async def _anothers_post(cast: Cast) -> Given:
    given = await _joined(cast)
    started = await given["_third"].done("startThread", groupId=given["groupId"], title="Mine", body="Words.")
    asked = "query ($id: ID!) { thread(id: $id) { opening { id } } }"
    post = (await given["_third"].ask(asked, id=started["id"]))["thread"]["opening"]["id"]
    return {"postId": post, "reason": "Unkind.", "_third": given["_third"]}


async def _report(cast: Cast) -> Given:
    """A report upon the mayor's post, by another mayor who is in the group."""
    given = await _joined(cast)
    started = await cast.mayor.done("startThread", groupId=given["groupId"], title="Mine", body="Words.")
    asked = "query ($id: ID!) { thread(id: $id) { opening { id } group { reports { nodes { id } } } } }"
    post = (await cast.mayor.ask(asked, id=started["id"]))["thread"]["opening"]["id"]
    await given["_third"].done("reportPost", postId=post, reason="Unkind.")
    (report,) = (await cast.mayor.ask(asked, id=started["id"]))["thread"]["group"]["reports"]["nodes"]
    return {"reportId": report["id"]}


async def _mayor(cast: Cast, _given: Given) -> Caller:
    return cast.mayor


async def _invited_one(_cast: Cast, given: Given) -> Caller:
    third: Caller = given["_third"]
    return third


_PIN, _LOCK, _RESOLVE = _in_a_thread(pinned=True), _in_a_thread(locked=True), _in_a_thread(resolved=True)
_POST, _HIDE, _REACT = _on_a_post(), _on_a_post(reason="Off the point."), _on_a_post(mark="AGREE")


def _rung(act: str, given: Making, thing: str, too_late: Making | None = None, right: Any = _mayor) -> Rung:
    return Rung(act, given, _M, _M, thing, right=right, too_late=too_late)


DISCUSSIONS = [
    Rung("createGroup", _new_group, "Group", _R, "Group", "cannot be delegated", right=_mayor),
    _rung("editGroup", _in_a_group(name="Steps"), "Group"),
    _rung("joinGroup", _invited, "Group", right=_invited_one),
    _rung("leaveGroup", _joined, "Membership", right=_invited_one),
    _rung("inviteToGroup", _to_invite, "Group"),
    _rung("removeFromGroup", _to_remove, "Group", _nobody_to_remove),
    _rung("startThread", _in_a_group(title="Rungs", body="How many?"), "Thread"),
    _rung(
        "reply",
        _in_a_thread(body="Seven."),
        "Post",
        _after(_in_a_thread(body="Eight."), "lockThread", locked=True),
    ),
    _rung("editPost", _on_a_post(body="Eight."), "Post", _after(_on_a_post(body="Eight."), "deletePost")),
    _rung("deletePost", _POST, "Post", _after(_POST, "deletePost")),
    _rung("react", _REACT, "Post", _after(_REACT, "deletePost")),
    _rung("unreact", _after(_REACT, "react", mark="AGREE"), "Post", _after(_REACT, "deletePost")),
    _rung("pinThread", _PIN, "Thread", _after(_PIN, "pinThread", pinned=True)),
    _rung("lockThread", _LOCK, "Thread", _after(_LOCK, "lockThread", locked=True)),
    _rung("resolveThread", _RESOLVE, "Thread", _after(_RESOLVE, "resolveThread", resolved=True)),
    _rung("reportPost", _anothers_post, "Post", _after(_anothers_post, "reportPost", reason="Again.")),
    _rung("hidePost", _HIDE, "Post", _after(_HIDE, "hidePost", reason="Again.")),
    _rung("showPost", _after(_POST, "hidePost", reason="Off the point."), "Post", _POST),
    _rung("dismissReport", _report, "Report", _after(_report, "dismissReport")),
]
