"""Who may know of cities: everyone. A city office's contact data is for members, and for the office itself."""

READABLE = "true"
CONTACT = "({viewer.member} OR {viewer.secretariat} OR coalesce({row}.id = {viewer.city_id}, false))"
