"""What one may do, said to whoever reads it: an act by its mutation's name, as one would ask for it."""

import re

# An act that is new to this table shows as the contract describes it.
DOES = {
    "createEvent": "Draft an event",
    "editEvent": "Change the words of your event",
    "saveTheDate": "Announce your event's date",
    "scheduleEvent": "Put your event on the calendar",
    "postponeEvent": "Postpone your event",
    "rescheduleEvent": "Set your event's new date",
    "moveEventOnline": "Move your event online",
    "cancelEvent": "Cancel your event",
    "holdEvent": "Note that your event took place",
    "inviteDelegate": "Invite somebody to act for you",
    "acceptDelegation": "Accept an invitation sent to you",
    "narrowDelegation": "Narrow a delegation you gave",
    "revokeDelegation": "End a delegation you gave",
    "leaveDelegation": "Give back a delegation you hold, or decline one",
    "openTerm": "Open a term of office",
    "endTerm": "End a term of office",
    "updateProfile": "Keep the mayor's profile and the office's contact data",
    "appointSecretariat": "Let somebody into the secretariat",
    "dismissSecretariat": "Take somebody out of the secretariat",
    "markSeen": "Mark what changed as seen",
    "createToken": "Make an API token",
    "revokeToken": "End an API token of yours",
    "revokeSession": "Sign out one of your devices",
    "signOutEverywhere": "Sign out everywhere",
    "removePasskey": "Remove a passkey of yours",
    "createGroup": "Found a group",
    "editGroup": "Give a group you keep other words",
    "joinGroup": "Join a group",
    "leaveGroup": "Leave a group",
    "inviteToGroup": "Invite mayors into a group you keep",
    "removeFromGroup": "Take a mayor out of a group you keep",
    "startThread": "Start a thread",
    "reply": "Post in a thread",
    "editPost": "Write a post of yours anew",
    "deletePost": "Take a post of yours away",
    "react": "Put a mark upon a post",
    "unreact": "Take your mark from a post",
    "pinThread": "Keep a thread at the head of a group you keep",
    "lockThread": "Close a thread of a group you keep",
    "resolveThread": "Note that a thread's question is answered",
    "reportPost": "Report a post to its group's keepers",
    "hidePost": "Hide a post in a group you keep",
    "showPost": "Let a hidden post stand again",
    "dismissReport": "Find a report without reason",
    "markRead": "Mark a thread as read",
    "markGroupRead": "Mark a whole group as read",
    "keepUnread": "Keep a post unread",
    "heedThread": "Follow or mute a thread",
    "heedGroup": "Follow or mute a group",
}


def does(act: str, described: str) -> str:
    """`postponeEvent` is "Postpone your event"."""
    return DOES.get(act) or re.sub(r"`([^`]*)`", r"\1", described)
