"""What each screen of VK ID does with what was typed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.simulator.codes import CALL, SMS, digits_of
from adapters.simulator.entities import User
from adapters.simulator.exchange import Simulation
from adapters.simulator.vkid.books import SignIn
from adapters.simulator.vkid.roads import Screen, next_screen, road, standing_of

Form = Mapping[str, str]

ONLY_BY_PHONE = "Создать учебный профиль в Сферум в VK Мессенджере можно только по номеру мобильного телефона."
WRONG_PHONE = "Введите номер мобильного телефона"
WRONG_PASSWORD = "Неверный пароль"  # noqa: S105 - what is said
WRONG_CODE = "Неверный код"
STALE_CODE = "Срок действия кода истёк. Запросите новый."
NO_NAME = "Введите имя и фамилию"
SHORT_PASSWORD = "Пароль слишком короткий"  # noqa: S105
SHORTEST_PASSWORD = 6
LONGEST = 100  # characters of a field


class Steps:
    """Takes sign-ins from screen to screen."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def screen(self, sign_in: SignIn) -> Screen | None:
        """Where a sign-in is; None: whoever it is has signed in."""
        if sign_in.phone is None and not sign_in.live:
            return Screen.PHONE
        known = [] if sign_in.registered else self._known(sign_in)
        manual = self._simulation.vk_id.application(sign_in.asked.client_id).manual
        asked = {
            "has_password": any(user.password for user in known), "several": len(known) > 1,
            "live": sign_in.live, "resetting": sign_in.resetting,
        }  # fmt: skip
        screens = road(manual, standing_of(known), **asked)
        return next_screen(screens, sign_in.done)

    def profiles(self, sign_in: SignIn) -> list[User]:
        """All that the phone has; of whoever is signed in already, all that his has."""
        user = self._simulation.world.users.get(sign_in.user_id or 0)
        phone = sign_in.phone or (user.phone if user is not None else None)
        return self._simulation.world.with_phone(phone) if phone else [user] if user is not None else []

    def _known(self, sign_in: SignIn) -> list[User]:
        """Whoever was chosen, or whom the phone may mean."""
        return [user for user in self.profiles(sign_in) if sign_in.user_id in {None, user.user_id}]

    def go_on(self, sign_in: SignIn, screen: Screen, form: Form) -> None:
        """«Продолжить»: to the next screen, or a notice on this one."""
        sign_in.notice = _STEPS[screen](self, sign_in, form)
        if not sign_in.notice:
            sign_in.done.add(screen)
        self.arrive(sign_in)

    def turn(self, sign_in: SignIn, do: str) -> None:
        """What else can be pressed."""
        sign_in.notice = ""
        if do in {"change", "another"}:
            sign_in.begin_anew()
        elif do == "forgotten":
            sign_in.resetting = True
        elif do in {SMS, CALL}:
            sign_in.by, sign_in.code_id = do, None
        elif do == "resend":
            sign_in.code_id = None
        self.arrive(sign_in)

    def arrive(self, sign_in: SignIn) -> None:
        """A code goes out when its screen is come to."""
        if self.screen(sign_in) is Screen.CODE and sign_in.code_id is None and sign_in.phone is not None:
            sent = self._simulation.world.codes.send(sign_in.phone, self._simulation.now(), of="vk_id", by=sign_in.by)
            sign_in.code_id = sent.request_id

    def phone(self, sign_in: SignIn, form: Form) -> str:
        typed = form.get("phone", "")
        if "@" in typed:
            return ONLY_BY_PHONE
        digits = digits_of(typed)
        if not 10 <= len(digits) <= 15:
            return WRONG_PHONE
        application = self._simulation.vk_id.application(sign_in.asked.client_id)
        sign_in.phone, sign_in.by = f"+{digits}", CALL if application.manual == "002" else SMS
        return ""

    def password(self, sign_in: SignIn, form: Form) -> str:
        right = {user.password for user in self.profiles(sign_in)} - {None}
        return "" if form.get("password") in right else WRONG_PASSWORD

    def code(self, sign_in: SignIn, form: Form) -> str:
        codes, at = self._simulation.world.codes, self._simulation.now()
        told = "".join(form.get("code", "").split())
        if codes.take(sign_in.code_id or "", told, at, of="vk_id") is not None:
            return ""
        sent = codes.find(sign_in.code_id or "", "vk_id")
        return WRONG_CODE if sent is not None and sent.is_good(at) else STALE_CODE

    def new_password(self, sign_in: SignIn, form: Form) -> str:
        password = form.get("password", "")
        if len(password) < SHORTEST_PASSWORD:
            return SHORT_PASSWORD
        self._simulation.world.put_users([replace(user, password=password) for user in self.profiles(sign_in)])
        return ""

    def profile(self, sign_in: SignIn, form: Form) -> str:
        """Whichever of the two screens showed it."""
        profiles = {str(user.user_id): user for user in self.profiles(sign_in)}
        chosen = profiles.get(form.get("user_id", ""))
        if chosen is None:
            return "Выберите профиль для связки"
        sign_in.user_id = chosen.user_id
        sign_in.done |= {Screen.PROFILE, Screen.CREATE}
        return ""

    def about(self, sign_in: SignIn, form: Form) -> str:
        first, last, patronymic, birthday, sex = (form.get(name, "").strip()[:LONGEST] for name in ABOUT)
        if not (first and last):
            return NO_NAME
        world = self._simulation.world
        known = self._known(sign_in)
        if not known:
            user, sign_in.registered = world.register(sign_in.phone or ""), True
        else:
            user = known[0]
        sign_in.user_id = user.user_id
        named = replace(user, first_name=first, last_name=last)
        world.put_users([replace(named, patronymic=patronymic, birthday=birthday, sex=sex)])
        return ""

    def confirm(self, _sign_in: SignIn, _form: Form) -> str:
        return ""


ABOUT = ("first_name", "last_name", "patronymic", "birthday", "sex")

_STEPS: Mapping[Screen, Callable[[Steps, SignIn, Form], str]] = {
    Screen.PHONE: Steps.phone,
    Screen.PASSWORD: Steps.password,
    Screen.CODE: Steps.code,
    Screen.NEW_PASSWORD: Steps.new_password,
    Screen.PROFILE: Steps.profile,
    Screen.CREATE: Steps.profile,
    Screen.ABOUT: Steps.about,
    Screen.CONFIRM: Steps.confirm,
}
