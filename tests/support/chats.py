"""Stand-ins for chat services: they answer the documented calls, and know who would be pinged."""

import html
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit


class Room:
    """Messages by their ids; `log` keeps every call in order: kind, id, message."""

    def __init__(self):
        self.messages, self.log, self.count = {}, [], 0

    def add(self, message):
        self.count += 1
        self.messages[str(self.count)] = message
        self.log.append(("post", str(self.count), message))
        return str(self.count)

    def change(self, which, message):
        self.messages[which] = message
        self.log.append(("edit", which, message))

    @property
    def kinds(self):
        return [(kind, which) for kind, which, _ in self.log]


class Discord(Room):
    """POST and PATCH of a channel's webhook."""

    path = "/api/webhooks/17/hook-token"

    def __call__(self, got):
        parts = urlsplit(got.path)
        said = json.loads(got.body)
        if not parts.path.startswith(self.path) or len(said["content"]) > 2000:
            return 400, {"code": 50035, "message": "Invalid Form Body"}, {}
        if got.method == "POST" and parse_qs(parts.query).get("wait") == ["true"]:
            return 200, {"id": self.add(said)}, {}
        which = parts.path.removeprefix(f"{self.path}/messages/")
        if got.method == "PATCH" and which in self.messages:
            self.change(which, said)
            return 200, {"id": which}, {}
        return 404, {"code": 10008, "message": "Unknown Message"}, {}

    def text(self, message):
        return message["content"]

    def struck(self, message):
        return message["content"].count("~~") >= 2

    def pings(self, message):
        allowed = message["allowed_mentions"]
        named = re.findall(r"@everyone|@here|<@!?\d+>|<@&\d+>", message["content"])
        if "everyone" not in allowed["parse"]:
            named = [name for name in named if name not in {"@everyone", "@here"}]
        for kind, form in (("users", r"<@!?(\d+)>"), ("roles", r"<@&(\d+)>")):
            fine = {*allowed.get(kind, ())}
            named = [
                n
                for n in named
                if not (m := re.fullmatch(form, n)) or m[1] in fine or kind in allowed["parse"]
            ]
        return named


class Slack(Room):
    """chat.postMessage and chat.update."""

    def __call__(self, got):
        said = json.loads(got.body)
        if got.headers.get("authorization") != "Bearer xoxb-token":
            return 200, {"ok": False, "error": "invalid_auth"}, {}
        if got.path == "/api/chat.postMessage":
            return 200, {"ok": True, "channel": said["channel"], "ts": self.add(said)}, {}
        if got.path == "/api/chat.update" and said["ts"] in self.messages:
            self.change(said["ts"], said)
            return 200, {"ok": True, "channel": said["channel"], "ts": said["ts"]}, {}
        return 200, {"ok": False, "error": "message_not_found"}, {}

    def _elements(self, message):
        (block,) = message["blocks"]
        return [part for section in block["elements"] for part in section["elements"]]

    def text(self, message):
        return "".join(part.get("text", "") for part in self._elements(message))

    def struck(self, message):
        return any(part.get("style", {}).get("strike") for part in self._elements(message))

    def pings(self, message):
        named = re.findall(r"<[!@][^>]*>", message["text"])
        kinds = {"user", "usergroup", "broadcast", "channel"}
        return named + [p for p in self._elements(message) if p["type"] in kinds]


class Telegram(Room):
    """sendMessage and editMessageText, HTML."""

    def __call__(self, got):
        said = json.loads(got.body)
        method = got.path.removeprefix("/bot12:token/")
        if re.sub(r"</?(?:b|i|s|a)(?: href=\"[^\"<>]*\")?>", "", said["text"]).count("<"):
            return 400, {"ok": False, "description": "Bad Request: can't parse entities"}, {}
        if len(re.sub(r"<[^>]*>", "", said["text"])) > 4096:
            return 400, {"ok": False, "description": "Bad Request: message is too long"}, {}
        if method == "sendMessage":
            return 200, {"ok": True, "result": {"message_id": int(self.add(said))}}, {}
        which = str(said["message_id"])
        if method != "editMessageText" or which not in self.messages:
            return 400, {"ok": False, "description": "Bad Request: message to edit not found"}, {}
        if self.messages[which]["text"] == said["text"]:
            return 400, {"ok": False, "description": "Bad Request: message is not modified"}, {}
        self.change(which, said)
        return 200, {"ok": True, "result": {"message_id": int(which)}}, {}

    def text(self, message):
        return html.unescape(re.sub(r"<[^>]*>", "", message["text"]))

    def struck(self, message):
        return "<s>" in message["text"]

    def pings(self, message):
        return re.findall(r"@\w{3,}", self.text(message)) + re.findall(
            r"tg://user[^\"]*", re.sub(r">[^<]*<", "><", message["text"])
        )


class Matrix(Room):
    """PUT of m.room.message with a transaction id; a repeated id posts nothing."""

    def __init__(self):
        super().__init__()
        self.transactions = {}

    def __call__(self, got):
        match = re.fullmatch(
            r"/_matrix/client/v3/rooms/([^/]+)/send/m\.room\.message/([^/]+)", got.path
        )
        if got.headers.get("authorization") != "Bearer syt_token":
            return 401, {"errcode": "M_UNKNOWN_TOKEN"}, {}
        if got.method != "PUT" or unquote(match[1]) != "!room:example.org":
            return 404, {"errcode": "M_NOT_FOUND"}, {}
        if match[2] not in self.transactions:
            said = json.loads(got.body)
            relation = said.get("m.relates_to", {})
            if relation.get("rel_type") == "m.replace":
                which = relation["event_id"]
                self.change(which, said["m.new_content"])
                self.transactions[match[2]] = f"{which}-edit"
            else:
                self.transactions[match[2]] = self.add(said)
        return 200, {"event_id": self.transactions[match[2]]}, {}

    def text(self, message):
        return message["body"]

    def struck(self, message):
        return "<del>" in message["formatted_body"]

    def pings(self, message):
        mentions = message["m.mentions"]
        named = [*mentions.get("user_ids", ()), *(["@room"] if mentions.get("room") else [])]
        old = re.findall(r"@room|@[\w.]+:[\w.]+", message["body"])
        pills = re.findall(r"matrix\.to/#/@", re.sub(r">[^<]*<", "><", message["formatted_body"]))
        return named + [name for name in old if name not in named] + pills


class Ntfy(Room):
    """Publishing as JSON."""

    def __call__(self, got):
        said = json.loads(got.body)
        if got.path != "/" or not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", said["topic"]):
            return 400, {"code": 40009, "error": "invalid topic"}, {}
        if len(said["message"].encode()) > 4096 or said["markdown"]:
            return 413, {"error": "attachment"}, {}
        return 200, {"id": self.add(said)}, {}

    def text(self, message):
        return f"{message['title']}\n{message['message']}"

    def pings(self, _):
        return []


def hostile_texts():
    """Return texts that would ping somebody, or break out of a message, if unescaped."""
    return list(dict.fromkeys((*_HOSTILE, "x" * 3_000 + "@everyone", "@here " * 400)))


_HOSTILE = (
    *("@everyone", "@here", "@channel", "@room", "@all", "@admin", "<!channel>", "<!here>"),
    *("<!everyone>", "<!subteam^S012AB>", "<@U012ABCDEF>", "<@W012ABCDEF>", "<@123456789012>"),
    *("<@!123456789012>", "<@&123456789012>", "<#123456789012>", "@someone_here", "@BotFather"),
    *("@alice:example.org", "<!date^1392734382^{date}|x>", "<!channel|x>", "<@U012ABCDEF|bob>"),
    *("<https://evil.example|click>", "[click](https://evil.example)", "tg://user?id=12345"),
    *('<a href="tg://user?id=12345">Bob</a>', "[Bob](tg://user?id=12345)", "<s>@everyone</s>"),
    *('<a href="https://matrix.to/#/@alice:example.org">Al</a>', "<mx-reply>x</mx-reply>"),
    *("https://matrix.to/#/@alice:example.org", "</b>@everyone<b>", "</s></i>@here"),
    *("`@everyone`", "```\n@everyone\n```", "**@everyone**", "~~@here~~", "||@everyone||"),
    *("> @everyone", ">>> @here", "# @everyone", "\\@everyone", "\\\\@everyone"),
    *("\\<@123456789012>", "\u202e@everyone", "＠everyone", "&lt;!channel&gt;", "@@everyone"),
    *("@\u200beveryone @everyone", "@everyone@everyone", "@ev\u00aderyone", "a@everyone.b"),
    *("mailto:@here", "{@everyone}", "$(@here)", "<<!channel>>", "<!channel", "&amp;<!here>"),
    *("<@&123456789012", "%40everyone", "&#64;everyone", "<@!everyone>", "\n\n@everyone\n\n"),
    *("\r\n@here", "\x00@everyone"),
)
