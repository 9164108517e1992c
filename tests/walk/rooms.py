"""Every room of the portal and who looks in: the list that the tests walk, and the camera of docs/screenshots."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from playwright.async_api import Page, Response

Words = Mapping[str, str]
Step = Callable[[Page, Words], Awaitable[object]]

SECRETARIAT = "secretariat@rotunda.example"
MAYOR = "mayor@alexandria-va.example"
STAFF = "regional@tidewater.example"
NEIGHBOR = "mayor@norfolk-va.example"
HOST = "host@water.example"
INVITED = "june@alexandria-staff.example"
NEWCOMER = "mayor-elect@mount-vernon-ny.example"

LONG = "The river is over its banks, and the hotel's lower floors with it. Everyone's safety comes first."


def write(label: str, text: str) -> Step:
    """Fill in a field; `{words}` in the text are the stage's."""
    return lambda page, words: page.get_by_label(label).first.fill(text.format_map(words))


def tick(label: str) -> Step:
    """Tick a box."""
    return lambda page, _: page.get_by_label(label).first.check()


def press(button: str) -> Step:
    """Press a button of the page's own."""
    return lambda page, _: page.get_by_role("main").get_by_role("button", name=button).first.click()


def unfold(summary: str) -> Step:
    """Open what is folded under these words."""
    return lambda page, _: page.locator("summary", has_text=summary).first.click()


@dataclass(frozen=True, slots=True)
class Room:
    """A page as somebody meets it: where, who, what must be there to read, and what they do first.

    `{words}` in a path are the stage's (`tests/walk/stage.py`). Without JavaScript `plain` is there instead; with it,
    the page is ready once `lively` is seen. With a caption it is photographed for docs/screenshots.
    """

    name: str
    path: str
    who: str | None
    there: str
    does: tuple[Step, ...] = ()
    status: int = 200
    plain: str = ""
    lively: str = ""
    weight: int = 150_000  # bytes of a first visit, compressed
    caption: str = ""
    dark: bool = False

    async def enter(self, page: Page, words: Words) -> Response:
        """Go there and do what is to be done first; the answer of the address itself."""
        answer = await page.goto(self.path.format_map(words))
        assert answer
        for step in self.does:
            await step(page, words)
        return answer


def _form(name: str, path: str, there: str, *does: Step, who: str = SECRETARIAT, caption: str = "") -> Room:
    return Room(name, path, who, there, does, caption=caption)


LOOK = press("See what it will say")
DATED = (write("First day", "2031-03-12"), write("Last day", "2031-03-14"))

ROOMS = [
    Room("front", "/", None, "The room where mayors meet.", caption="What a visitor meets first", dark=True),
    Room(
        "home",
        "/",
        MAYOR,
        "What changed",
        caption="A mayor's home: what changed, waits, and is next",
        dark=True,
    ),
    Room("home-secretariat", "/", SECRETARIAT, "What waits for you"),
    Room("home-staff", "/", STAFF, "What is next"),
    Room("home-newcomer", "/", NEWCOMER, "What waits for you"),
    Room(
        "switcher",
        "/calendar",
        STAFF,
        "Calendar",
        (unfold("Change"),),
        caption="Whom one acts for, at the head of every page",
    ),
    Room("sign-in", "/sign-in", None, "E-mail address", caption="Signing in"),
    Room("sign-in-refused", "/sign-in", None, "Write your e-mail address", (press("Send me a link"),)),
    Room("sign-in-code", "/sign-in/code", None, "Six-digit code", caption="The code, for another device"),
    Room(
        "sign-in-code-refused",
        "/sign-in/code",
        None,
        "That code is not right",
        (write("E-mail address", NEWCOMER), press("Sign in")),
    ),
    Room("sign-in-link", "/sign-in/whatever", None, "One more tap", caption="Where the mailed link leads"),
    Room("sign-in-link-spent", "/sign-in/whatever", None, "This link is spent", (press("Sign in"),)),
    Room("sign-out", "/sign-out", MAYOR, "You will need your mail"),
    Room("calendar", "/calendar", MAYOR, "Calendar", caption="The calendar", dark=True),
    Room("calendar-visitor", "/calendar", None, "Calendar"),
    Room("calendar-2022", "/calendar?year=2022", MAYOR, "Winter 2022 Meeting"),
    Room("calendar-empty", "/calendar?year=1931", None, "1931"),
    Room(
        "event",
        "/events/{scheduled}",
        SECRETARIAT,
        "Postpone",
        caption="An event, as the secretariat sees it",
    ),
    Room(
        "event-golden",
        "/events/{golden}",
        MAYOR,
        "How it came to be",
        caption="An event that moved: was and now",
    ),
    Room("event-postponed", "/events/{undated}", MAYOR, "new date to come"),
    Room("event-cancelled", "/events/{cancelled}", None, "It will not be held"),
    Room("event-draft", "/events/{draft}", SECRETARIAT, "Announce the date only"),
    _form("save-the-date", "/events/{draft}/save-the-date", "Save the date"),
    _form("save-the-date-preview", "/events/{draft}/save-the-date", "is this right?", *DATED, LOOK),
    _form("schedule", "/events/{draft}/schedule", "Put it on the calendar"),
    _form("schedule-preview", "/events/{draft}/schedule", "is this right?", *DATED, LOOK),
    _form("postpone", "/events/{scheduled}/postpone", "Why", caption="Postponing: the form"),
    _form(
        "postpone-refused",
        "/events/{scheduled}/postpone",
        "Nothing was done yet.",
        LOOK,
        caption="A form with a slip",
    ),
    _form(
        "postpone-preview",
        "/events/{scheduled}/postpone",
        "Who will be told",
        write("Why", LONG),
        LOOK,
        caption="… and who will be told what",
    ),
    _form("postpone-host", "/events/{hosted}/postpone", "Why", who=HOST),
    Room(
        "postpone-not-mine",
        "/events/{scheduled}/postpone",
        MAYOR,
        "You cannot postpone this event",
        status=403,
    ),
    _form("reschedule", "/events/{undated}/reschedule", "Set the new date"),
    _form(
        "reschedule-preview",
        "/events/{undated}/reschedule",
        "is this right?",
        write("Why", LONG),
        *DATED,
        LOOK,
    ),
    _form("move-online", "/events/{scheduled}/move-online", "It keeps its time"),
    _form(
        "move-online-preview", "/events/{scheduled}/move-online", "is this right?", write("Why", LONG), LOOK
    ),
    _form("cancel", "/events/{scheduled}/cancel", "There is no way back"),
    _form("cancel-preview", "/events/{scheduled}/cancel", "is this right?", write("Why", LONG), LOOK),
    Room("cancel-too-late", "/events/{held}/cancel", SECRETARIAT, "Back to the event", status=403),
    _form("edit", "/events/{scheduled}/edit", "For a typo"),
    _form(
        "edit-preview",
        "/events/{scheduled}/edit",
        "is this right?",
        write("What it is called", LONG),
        press("Read it over"),
    ),
    Room("cities", "/cities", MAYOR, "400 member cities", caption="The directory and its map"),
    Room("cities-world", "/cities?who=all&named=san", None, "member"),
    Room("cities-none", "/cities?named=nowhere+at+all", None, "No member city matches."),
    Room("city", "/cities/alexandria-va", MAYOR, "Alexandria", caption="One city"),
    Room("city-visitor", "/cities/alexandria-va", None, "Alexandria"),
    Room("city-vacant", "/cities/dublin-ca", None, "Dublin"),
    Room(
        "profile",
        "/cities/alexandria-va/profile",
        MAYOR,
        "Keep the profile",
        caption="Keeping the own profile",
    ),
    Room(
        "profile-refused",
        "/cities/alexandria-va/profile",
        MAYOR,
        "Nothing was done yet.",
        (write("Name", ""), press("Save the profile")),
    ),
    Room("profile-not-mine", "/cities/alexandria-va/profile", HOST, "Back to Alexandria", status=403),
    Room(
        "delegations", "/delegations", MAYOR, "Who acts for you", caption="Who acts for a mayor, and in what"
    ),
    Room("delegations-staff", "/delegations", STAFF, "Delegations you hold"),
    Room("delegations-newcomer", "/delegations", NEWCOMER, "You hold no delegation"),
    Room(
        "invite",
        "/delegations/invite",
        MAYOR,
        "Their e-mail address",
        caption="Inviting somebody to act for one",
    ),
    Room("invite-refused", "/delegations/invite", MAYOR, "Tick at least one thing", (LOOK,)),
    Room(
        "invite-preview",
        "/delegations/invite",
        MAYOR,
        "A letter goes to",
        (write("Their e-mail address", INVITED), tick("Answer invitations"), LOOK),
        caption="… and what it will say",
    ),
    Room("invite-not-mine", "/delegations/invite", STAFF, "it cannot be delegated", status=403),
    Room(
        "accept",
        "/delegations/accept?code={code}",
        INVITED,
        "You are invited to act for",
        caption="Accepting an invitation",
    ),
    Room(
        "accept-refused",
        "/delegations/accept?code=nonsense",
        INVITED,
        "No invitation to",
        status=404,
    ),
    Room(
        "delegation", "/delegations/{grant}", MAYOR, "What was done", caption="One delegation and its history"
    ),
    Room("delegation-held", "/delegations/{held_grant}", STAFF, "You act for"),
    Room("delegation-over", "/delegations/{over}", SECRETARIAT, "Allowed"),
    Room("narrow", "/delegations/{grant}/narrow", MAYOR, "What they may still do"),
    Room(
        "narrow-preview",
        "/delegations/{grant}/narrow",
        MAYOR,
        "Is this right?",
        (write("Last day", "{soon}"), press("See what will change")),
        caption="Narrowing a delegation: was and now",
    ),
    Room("end", "/delegations/{grant}/end", MAYOR, "End this delegation?"),
    Room("leave", "/delegations/{held_grant}/leave", STAFF, "Give this delegation back?"),
    Room("account", "/account", MAYOR, "Your account", caption="Devices, passkeys and tokens"),
    Room(
        "account-forms",
        "/account",
        MAYOR,
        "What is it for?",
        (unfold("Make a token"), unfold("Sign out everywhere")),
    ),
    Room(
        "account-refused",
        "/account",
        MAYOR,
        "Give it a name",
        (unfold("Make a token"), write("What is it for?", " "), press("Make the token")),
    ),
    Room(
        "account-made",
        "/account",
        STAFF,
        "Your token",
        (unfold("Make a token"), write("What is it for?", "Report every Monday"), press("Make the token")),
    ),
    Room("desk", "/desk", SECRETARIAT, "What was done last", caption="The secretariat's desk", dark=True),
    Room("desk-events", "/desk/events", SECRETARIAT, "With all you chose", caption="Events at the desk"),
    Room("desk-events-host", "/desk/events", HOST, "Events you host"),
    Room("desk-events-none", "/desk/events?q=nowhere+at+all", SECRETARIAT, "Nothing in this list."),
    Room("desk-new", "/desk/events/new", SECRETARIAT, "It begins as a draft."),
    Room(
        "desk-new-refused", "/desk/events/new", SECRETARIAT, "Nothing was done yet.", (press("Read it over"),)
    ),
    Room(
        "desk-new-preview",
        "/desk/events/new",
        SECRETARIAT,
        "is this right?",
        (write("What it is called", LONG), *DATED, press("Read it over")),
    ),
    Room(
        "desk-together",
        "/desk/events",
        SECRETARIAT,
        "and tell everyone",
        (tick("Choose"), press("Postpone")),
        caption="Several at once",
    ),
    Room("desk-cities", "/desk/cities", SECRETARIAT, "As a spreadsheet", caption="Cities at the desk"),
    Room("desk-terms", "/desk/terms", SECRETARIAT, "Ending soon", caption="Terms of office"),
    Room("desk-term-open", "/desk/terms/open?city={vacant}", SECRETARIAT, "Who takes office"),
    Room(
        "desk-term-open-preview",
        "/desk/terms/open?city={vacant}",
        SECRETARIAT,
        "What comes of it",
        (
            write("Who takes office", "Ada Whitfield"),
            write("E-mail address", "ada@whitfield.example"),
            write("First day in office", "2031-03-12"),
            press("See what comes of it"),
        ),
    ),
    Room("desk-term-end", "/desk/terms/{term}/end", SECRETARIAT, "What ends with it"),
    Room(
        "desk-term-end-preview",
        "/desk/terms/{term}/end",
        SECRETARIAT,
        "is this right?",
        (write("First day out of office", "{soon}"), press("See it once more")),
        caption="Ending a term: what ends with it",
    ),
    Room("desk-accounts", "/desk/accounts", SECRETARIAT, "Everybody", caption="Accounts"),
    Room("desk-account", "/desk/accounts/{account}", SECRETARIAT, "In which capacities"),
    Room("desk-secretariat", "/desk/accounts/{account}/secretariat", SECRETARIAT, "Let into the secretariat"),
    Room("desk-audit", "/desk/audit", SECRETARIAT, "The trail", caption="The trail"),
    Room("desk-not-mine", "/desk", MAYOR, "There is nothing here", status=404),
    Room(
        "groups", "/groups", MAYOR, "You are invited", caption="Groups: what is unread comes first", dark=True
    ),
    Room("groups-staff", "/groups", STAFF, "it cannot be delegated"),
    Room("groups-host", "/groups", HOST, "Groups"),
    Room("group", "/groups/{kept}", MAYOR, "About this group", (unfold("Who is in it"),), caption="A group"),
    Room("group-staff", "/groups/{kept}", STAFF, "is the mayor's own to do"),
    Room("group-reported", "/groups/{reported}", MAYOR, "Reported to you"),
    Room(
        "group-door",
        "/groups/{chatham}",
        NEIGHBOR,
        "Names are shown to those who joined",
        caption="The rule at the door",
    ),
    Room("group-invited", "/groups/{invited}", MAYOR, "Accept the invitation"),
    Room("group-empty", "/groups/{empty}", MAYOR, "Nothing has been said here yet"),
    Room("group-closed", "/groups/{invited}", SECRETARIAT, "by those whom a keeper invited"),
    _form("group-new", "/groups/new", "Whom it is for", who=MAYOR, caption="Founding a group"),
    _form("group-new-refused", "/groups/new", "Nothing was done yet.", press("Found it"), who=MAYOR),
    _form("group-new-staff", "/groups/new", "it cannot be delegated", who=STAFF),
    _form("group-edit", "/groups/{kept}/edit", "Change its words", who=MAYOR),
    _form("group-invite", "/groups/{kept}/invite?named=mad", "Invite mayors", who=MAYOR),
    _form("thread-start", "/groups/{kept}/start", "Start a thread", who=MAYOR),
    _form(
        "thread-start-refused", "/groups/{kept}/start", "Nothing was done yet.", press("Start it"), who=MAYOR
    ),
    Room(
        "thread",
        "/threads/{thread}?from=1",
        MAYOR,
        "Your answer",
        (unfold("React or more"),),
        caption="A thread, read on where one left off",
        dark=True,
    ),
    Room("thread-tricks", "/threads/{own_thread}", MAYOR, "alert(1)"),
    Room("thread-staff", "/threads/{thread}?from=1", STAFF, "Your answer"),
    Room("thread-refused", "/threads/{thread}?from=1", MAYOR, "Nothing was done yet.", (press("Post it"),)),
    _form("post-edit", "/posts/{own_post}/edit", "How it read before", who=MAYOR),
    _form("post-delete", "/posts/{own_post}/delete", "It cannot be put back", who=MAYOR),
    _form("post-report", "/posts/{post}/report", "They are not told who reported it", who=NEIGHBOR),
    _form("post-hide", "/posts/{post}/hide", "your reason stands in their place", who=MAYOR),
    Room("post-history", "/posts/{own_post}/history", MAYOR, "one leak a year"),
    Room(
        "resolutions",
        "/resolutions",
        MAYOR,
        "Gathering sponsors",
        caption="Resolutions: the open call, and what came in for it",
        dark=True,
    ),
    Room("resolutions-secretariat", "/resolutions", SECRETARIAT, "Call for resolutions"),
    Room("resolutions-staff", "/resolutions", STAFF, "Gathering sponsors"),
    Room("resolutions-host", "/resolutions", HOST, "No call for resolutions is open."),
    Room("resolutions-past", "/resolutions?call={past_call}", MAYOR, "Closed"),
    Room(
        "resolution",
        "/resolutions/{gathering}",
        MAYOR,
        "Sponsor it",
        caption="A resolution: its text, its sponsors, and the seats still free",
        dark=True,
    ),
    Room("resolution-sponsored", "/resolutions/{sponsored}", MAYOR, "Withdraw my name"),
    Room("resolution-draft", "/resolutions/{res_draft}", MAYOR, "Open it for sponsors"),
    Room("resolution-own", "/resolutions/{own_resolution}", MAYOR, "once 2 more mayors sponsor the text"),
    Room("resolution-submitted", "/resolutions/{submitted}", MAYOR, "Submitted, No. 1"),
    Room("resolution-withdrawn", "/resolutions/{res_withdrawn}", MAYOR, "Folded into a resolution on heat"),
    Room("resolution-staff", "/resolutions/{gathering}", STAFF, "is the mayor's own to do"),
    Room("resolution-closed", "/resolutions/{res_draft}", NEIGHBOR, "There is nothing here", status=404),
    Room(
        "resolution-versions",
        "/resolutions/{gathering}/versions",
        MAYOR,
        "written by nobody now living",
        caption="Two versions, clause by clause",
    ),
    _form(
        "resolution-new",
        "/resolutions/new",
        "It begins as a draft",
        write("What it is called", "To lend each other snow plows"),
        press("One more whereas"),
        who=MAYOR,
        caption="Drafting a resolution, clause by clause",
    ),
    _form(
        "resolution-new-refused",
        "/resolutions/new",
        "Nothing was done yet.",
        press("Keep it as a draft"),
        who=MAYOR,
    ),
    _form("resolution-edit", "/resolutions/{own_resolution}/edit", "Whoever has sponsored it", who=MAYOR),
    Room(
        "resolution-edit-not-mine",
        "/resolutions/{gathering}/edit",
        MAYOR,
        "edited by the office of the mayor who leads it",
        status=403,
    ),
    _form("resolution-withdraw", "/resolutions/{own_resolution}/withdraw", "Why, in a sentence", who=MAYOR),
    _form("resolution-call", "/resolutions/calls/new", "How many sponsors one needs"),
    _form(
        "resolution-call-refused",
        "/resolutions/calls/new",
        "Nothing was done yet.",
        press("Call for resolutions"),
    ),
    _form("resolution-call-not-mine", "/resolutions/calls/new", "The secretariat calls", who=MAYOR),
    _form("resolution-deadline", "/resolutions/calls/{call}/deadline", "Move it and tell everyone"),
    Room("search-empty", "/search", MAYOR, "whatever you may know of"),
    Room("search", "/search?text=water", MAYOR, "found for", caption="Search, over what one may know of"),
    Room("search-none", "/search?text=xyzzyplugh", HOST, "0 things found"),
    Room("group-missing", "/groups/{empty}", STAFF, "There is nothing here", status=404),
    Room("why", "/why", STAFF, "What you may do", caption="What one may do, and why not"),
    Room("mail", "/dev/mail", None, "Newest first.", caption="Mail of an installation that sends none"),
    Room("letter", "{letter}", None, "To "),
    Room("api", "/docs/api", None, "The API", caption="The API's documentation"),
    Room(
        "graphiql",
        "/graphql?example=mayor/who-am-i",
        SECRETARIAT,
        "GraphiQL",
        plain="Say who you are with",
        lively=".graphiql-execute-button",
        weight=2_100_000,
        caption="GraphiQL, as whoever is signed in",
    ),
    Room("missing", "/nowhere", None, "There is nothing here", status=404, caption="What is not there"),
]

# What the real house does not show when asked: a portal over a conference in memory does.
OF_MEMORY = [
    Room("broken", "/calendar", None, "Something broke on our side", status=500),
    Room("busy", "/cities", None, "One moment, please", status=503),
    Room("mail-none", "/dev/mail", None, "No letter yet."),
    Room(
        "pause", "/sign-in", None, "A short pause", (write("E-mail address", MAYOR), press("Send me a link"))
    ),
]
