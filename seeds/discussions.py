"""The groups of the conference, who is in them, and months of what they said to each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from models.accounts import Account
from models.delegations import Delegation, DelegationStatus
from models.discussions import Mention, Post, PostVersion, Reaction, ReactionMark, Report, Thread
from models.groups import RULES, Group, GroupAudience, Membership, MembershipStatus
from models.mayors import Term
from resolvers.writing import named, written
from seeds.readings import read_up
from seeds.rows import House, Ids
from seeds.talk import Line, Room, Talk, rooms

#: Whom the README names: in every group that would have them.
FAMILIAR: Final = "alexandria-va"
#: Where the mayor of Alexandria has an invitation that was not answered yet.
ASKED_IN: Final = "Steering Committee"
_LONGEST_AGO = timedelta(days=80)  # every mayor planted was in office by then
_SIZES = {
    GroupAudience.OPEN: 30,
    GroupAudience.MEMBERS: 24,
    GroupAudience.INVITED: 12,
    GroupAudience.HIDDEN: 0,
}
_MARKS = (*[ReactionMark.THANKS] * 4, *[ReactionMark.AGREE] * 4, *ReactionMark)


@dataclass(frozen=True)
class Speaker:
    """A mayor as groups know one, with the staff who may speak for them."""

    slug: str
    city: str
    name: str
    account: Account
    term: Term
    staff: Delegation


@dataclass
class _Spoken:
    """A post on its way: who wrote it, when, and what became of it."""

    line: Line
    speaker: Speaker
    at: datetime
    post: Post = field(init=False)


def let_them_talk(house: House, *, ids: Ids, now: datetime, dice: Random) -> None:
    """Add every group with its members, threads and posts, and what its readers have read of them."""
    found, anywhere = rooms()
    speakers = speakers_of(house)
    talking = _Talking(house, ids, now, dice, speakers, anywhere)
    said = [spoken for room in found for spoken in talking.room(room)]
    _number_places(said)
    house.posts.sort(key=lambda post: post.place)  # the database counts them in the order of their coming
    read_up(house, FAMILIAR, now=now, dice=dice)


def speakers_of(house: House) -> dict[str, Speaker]:
    """The mayors in office of member cities who have an account, by their city's slug."""
    people = {person.id: person for person in house.people}
    accounts = {account.email: account for account in house.accounts}
    cities = {city.id: city for city in house.cities if city.joined_on}
    grants = {
        (grant.term_id, grant.account_id): grant
        for grant in house.delegations
        if grant.status is DelegationStatus.ACTIVE
    }
    found = {}
    for term in house.terms:
        city = cities.get(term.city_id)
        mayor = city and accounts.get(f"mayor@{city.slug}.example")
        if city and mayor and mayor.person_id == term.person_id:
            staff = grants[term.id, accounts[f"staff@{city.slug}.example"].id]
            found[city.slug] = Speaker(city.slug, city.name, people[term.person_id].name, mayor, term, staff)
    return found


def _number_places(said: Sequence[_Spoken]) -> None:
    for place, spoken in enumerate(sorted(said, key=lambda one: one.at), start=1):
        spoken.post.place = place


class _Talking:
    """Fills rooms: whom each holds, and what they say."""

    def __init__(
        self,
        house: House,
        ids: Ids,
        now: datetime,
        dice: Random,
        speakers: dict[str, Speaker],
        anywhere: list[str],
    ) -> None:
        self._house, self._ids, self._now, self._dice = house, ids, now, dice
        self._speakers, self._anywhere = speakers, anywhere

    def room(self, room: Room) -> Iterator[_Spoken]:
        keepers = [self._speakers[slug] for slug in room.keepers]
        founded = self._now - _LONGEST_AGO - timedelta(days=self._dice.randrange(5, 200))
        group = Group(
            id=next(self._ids),
            name=room.name,
            purpose=room.purpose,
            audience=room.audience,
            confidentiality=room.confidentiality,
            offices_post=room.offices,
            founder_id=keepers[0].account.id,
            founded_at=founded,
        )
        self._house.groups.append(group)
        members = self._members(room, keepers)
        for speaker in members:
            self._let_in(group, speaker, keeper=speaker in keepers)
        said = iter(self._chorus(room))
        for talk in room.talks:
            yield from self._thread(group, talk, members, said)

    def _members(self, room: Room, keepers: list[Speaker]) -> list[Speaker]:
        others = [one for one in self._speakers.values() if one not in keepers and one.slug != FAMILIAR]
        found = [*keepers, *self._dice.sample(others, _SIZES[room.audience])]
        if room.name == ASKED_IN:
            self._house.memberships.append(
                Membership(
                    group_id=self._house.groups[-1].id,
                    person_id=self._speakers[FAMILIAR].term.person_id,
                    term_id=self._speakers[FAMILIAR].term.id,
                    status=MembershipStatus.INVITED,
                )
            )
        elif FAMILIAR not in room.keepers:
            found.append(self._speakers[FAMILIAR])
        return found

    def _let_in(self, group: Group, speaker: Speaker, *, keeper: bool) -> None:
        joined = self._now - _LONGEST_AGO - timedelta(hours=self._dice.randrange(1, 100))
        self._house.memberships.append(
            Membership(
                group_id=group.id,
                person_id=speaker.term.person_id,
                term_id=speaker.term.id,
                status=MembershipStatus.JOINED,
                keeper=keeper,
                joined_at=joined,
                accepted_rule_at=joined if RULES[group.confidentiality] else None,
            )
        )

    def _chorus(self, room: Room) -> list[str]:
        """What fits each thread of a room: each line twice at the most. Names are for rooms that tell them."""
        plain = [line for line in self._anywhere if "{" not in line or not room.confidentiality.chatham_house]
        own = [*room.chorus, *room.chorus]
        lines = [*own, *self._dice.sample(plain, min(len(plain), 4 * len(room.talks)))]
        self._dice.shuffle(lines)
        return lines

    def _thread(
        self, group: Group, talk: Talk, members: list[Speaker], chorus: Iterator[str]
    ) -> Iterator[_Spoken]:
        opener = self._dice.choice(members)
        lines = self._lines(talk, chorus)
        began = self._now - timedelta(minutes=self._dice.randrange(9 * 24 * 60, 79 * 24 * 60))
        thread = Thread(
            id=next(self._ids),
            group_id=group.id,
            audience=group.audience,
            mayors_only=group.confidentiality.mayors_only,
            chatham_house=group.confidentiality.chatham_house,
            title=talk.title,
            author_id=opener.account.id,
            term_id=opener.term.id,
            started_at=began,
            pinned="pinned" in talk.flags,
        )
        spoken = list(self._conversation(lines, opener, members, began))
        thread.locked_at = spoken[-1].at if "locked" in talk.flags else None
        thread.resolved_at = spoken[-1].at if "resolved" in talk.flags else None
        self._house.threads.append(thread)
        for number, one in enumerate(spoken, start=1):
            one.post = self._post(thread, number, one, opener)
            self._become(one, members)
        return iter(spoken)

    def _lines(self, talk: Talk, chorus: Iterator[str]) -> list[Line]:
        """What was written for the thread in its order, and some of the chorus between."""
        lines = list(talk.lines)
        if "locked" in talk.flags:
            return lines
        for _ in range(self._dice.choice((1, 3, 4, 5, 6, 8))):
            said = next(chorus, None)
            if said is not None:
                lines.insert(self._dice.randrange(2, len(lines) + 1), Line("-", said))
        return lines

    def _conversation(
        self, lines: list[Line], opener: Speaker, members: list[Speaker], began: datetime
    ) -> Iterator[_Spoken]:
        at, last = began, opener
        for number, line in enumerate(lines):
            if number:
                pause = self._dice.choice((9, 25, 70, 180, 400, 900, 2000))
                at = min(at + timedelta(minutes=pause * self._dice.uniform(0.6, 1.4)), self._soon(at))
            last = opener if line.kind == "<" else self._another(members, last, opener)
            yield _Spoken(line, last, at)

    def _soon(self, at: datetime) -> datetime:
        """Never in the future: the last posts of a thread come closer together."""
        return at + (self._now - at) * 0.4

    def _another(self, members: list[Speaker], *silent: Speaker) -> Speaker:
        return self._dice.choice([one for one in members if one not in silent])

    def _post(self, thread: Thread, number: int, spoken: _Spoken, opener: Speaker) -> Post:
        office = spoken.line.kind == "+" and bool(
            spoken.speaker.staff.accepted_at and spoken.speaker.staff.accepted_at < spoken.at
        )
        body = spoken.line.text.replace("{city}", spoken.speaker.city).replace("{opener}", opener.slug)
        heard = {slug: self._speakers[slug] for slug in named(body)}
        said = written(body, {slug: one.name for slug, one in heard.items()})
        post = Post(
            id=next(self._ids),
            thread_id=thread.id,
            group_id=thread.group_id,
            audience=thread.audience,
            mayors_only=thread.mayors_only,
            chatham_house=thread.chatham_house,
            number=number,
            place=0,
            body=said.body,
            body_html=said.html,
            words=said.words,
            author_id=spoken.speaker.staff.account_id if office else spoken.speaker.account.id,
            term_id=spoken.speaker.term.id,
            for_office=office,
            at=spoken.at,
        )
        self._house.posts.append(post)
        self._house.mentions.extend(Mention(post_id=post.id, term_id=one.term.id) for one in heard.values())
        return post

    def _become(self, spoken: _Spoken, members: list[Speaker]) -> None:
        """What became of a post: edited, taken away, hidden, reported; and the marks upon it."""
        post, beside = spoken.post, spoken.line.beside
        later = post.at + (self._now - post.at) * 0.1
        match spoken.line.kind:
            case "-edited":
                self._house.post_versions.append(PostVersion.of(post))
                now = written(beside, {})
                post.body, post.body_html, post.words = now.body, now.html, now.words
                post.edited_at, post.revision = later, 2
            case "-deleted":
                post.deleted_at, post.revision = later, 2
            case "-hidden":
                post.hidden_at, post.hidden_because, post.revision = later, beside, 2
            case "-reported":
                self._report(post, self._another(members, spoken.speaker), beside, later)
        for one in self._dice.sample(members, min(len(members), self._dice.choice((0, 0, 1, 2, 5)))):
            if one is not spoken.speaker:
                mark = self._dice.choice(_MARKS)
                self._house.reactions.append(
                    Reaction(post_id=post.id, person_id=one.term.person_id, mark=mark)
                )

    def _report(self, post: Post, reporter: Speaker, reason: str, at: datetime) -> None:
        self._house.reports.append(
            Report(
                post_id=post.id,
                group_id=post.group_id,
                mayors_only=post.mayors_only,
                reporter_id=reporter.account.id,
                reason=reason,
                words=post.body,
                at=at,
            )
        )
