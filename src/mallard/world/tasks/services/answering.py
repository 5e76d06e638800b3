"""Telling whoever asked that there is an answer."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.environment import environment
from mallard.kernel.mail.services import Content, queue_mail
from mallard.world.staff.models import StaffUser
from mallard.world.tasks.kinds import kind_of
from mallard.world.tasks.models import Task
from mallard.world.tasks.services.acting import staff_id_of
from mallard.world.tasks.wording import asked


def tell_opener(task: Task, *, actor: Actor) -> None:
    """Queue a mail to whoever opened the task, if its kind promises one and somebody else did it.

    The mail names what was asked and links to the answer: the answer itself may be about a person.
    """
    kind = kind_of(task.kind)
    if kind is None or not kind.tells_opener or task.opened_by_id in (None, staff_id_of(actor)):
        return
    opener = StaffUser.objects.get(pk=task.opened_by_id)
    if not opener.is_active:
        return
    with translation.override(opener.language):
        title, _detail = asked(task.kind, task.message, task.params)
        address = environment().base_url.rstrip("/") + reverse("tasks:detail", args=[task.id])
        text = gettext("%(title)s\n\nThere is an answer: %(address)s") % {
            "title": title or kind.name,
            "address": address,
        }
        subject = gettext("Answered: %(title)s") % {"title": title or kind.name}
    content = Content(to=opener.email, subject=subject, text=text)
    queue_mail(kind="tasks.answer", content=content, actor=actor)
