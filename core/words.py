"""The vocabulary of the field: every stored code with the word shown for it."""

from core.text import N_, Term


class Source(Term):
    SELF = "self", N_("Cadres themselves")
    SUPERIOR = "superior", N_("Superiors")
    RESIDENT = "resident", N_("Residents")


class Dimension(Term):
    CLEAN_POLITICS = "clean_politics", N_("Clean politics")
    CLEAN_AFFAIRS = "clean_affairs", N_("Clean affairs")
    UPRIGHT_CADRES = "upright_cadres", N_("Upright cadres")
    CLEAN_CUSTOMS = "clean_customs", N_("Clean customs")
    EFFICIENT_SERVICE = "efficient_service", N_("Efficient service")


class RiskType(Term):
    ETHICS = "ethics", N_("Ethics risk")
    DUTY = "duty", N_("Post duty risk")
    PROCESS = "process", N_("Process risk")
    INSTITUTION = "institution", N_("Institutional risk")
    ENVIRONMENT = "environment", N_("External environment risk")


class Level(Term):
    HIGH = "high", N_("High")
    MEDIUM = "medium", N_("Medium")
    LOW = "low", N_("Low")


class Factor(Term):
    POWER = "power", N_("Weight of the power")
    DISCRETION = "discretion", N_("Room for discretion")
    PROBABILITY = "probability", N_("Likelihood of corruption")
    HARM = "harm", N_("Harm")


class Override(Term):
    SWAYS_POWER = "sways_power", N_("Sways how power is used")
    UNLIMITED_DISCRETION = "unlimited_discretion", N_("Discretion without reasonable limits")
    HAPPENED_BEFORE = "happened_before", N_("Dishonest conduct has happened here before")


class Channel(Term):
    QR = "qr", N_("QR code")
    WEB = "web", N_("Web page")
    ON_BEHALF = "on_behalf", N_("Recorded on behalf")
    PAPER = "paper", N_("Paper form")
    MEETING = "meeting", N_("Round table")
    RESIDENTS_TALK = "residents_talk", N_("Residents' talk")
    HOME_VISIT = "home_visit", N_("Home visit")
    GRID = "grid", N_("Grid report")
    BOX = "box", N_("Suggestion box")
    INSPECTION = "inspection", N_("Inspection")
    PATROL_FEEDBACK = "patrol_feedback", N_("Patrol feedback")
    SELF_CHECK = "self_check", N_("Self-inspection sheet")


RECORDED = (
    Channel.ON_BEHALF, Channel.PAPER, Channel.MEETING, Channel.RESIDENTS_TALK, Channel.HOME_VISIT, Channel.GRID,
    Channel.BOX,
)  # fmt: skip
"""Ways by which somebody else writes down what a resident says."""


class Triage(Term):
    RISK_POINT = "risk_point", N_("Integrity risk point")
    SUGGESTION = "suggestion", N_("Suggestion on rules")
    ACCUSATION = "accusation", N_("Lead on misconduct")
    LIVELIHOOD = "livelihood", N_("Livelihood request")
    PETITION = "petition", N_("Petition matter")
    STABILITY = "stability", N_("Matter of unrest")
    EMERGENCY = "emergency", N_("Emergency")
    CRIME = "crime", N_("Lead on crime")


class FlagStatus(Term):
    NEW = "new", N_("Awaiting first review")
    MERGED = "merged", N_("Merged")
    OPENED = "opened", N_("Opened as an entry")
    ASKED = "asked", N_("Sender asked")
    REFERRED = "referred", N_("Referred elsewhere")
    DECLINED = "declined", N_("Not adopted")


class RiskStatus(Term):
    UNRATED = "unrated", N_("To be rated")
    RATED = "rated", N_("Rated")
    ANNOUNCED = "announced", N_("On public notice")
    FILED = "filed", N_("Filed")
    CONTROLLED = "controlled", N_("Under control measures")
    VERIFYING = "verifying", N_("To be verified")
    CLOSED = "closed", N_("Closed")
    REOPENED = "reopened", N_("Reopened")
    ARCHIVED = "archived", N_("Archived")


class MeasureType(Term):
    RULE = "rule", N_("Rules")
    PROCESS = "process", N_("Better process")
    OPENNESS = "openness", N_("Openness")
    EDUCATION = "education", N_("Education and reminders")
    SUPERVISION = "supervision", N_("Supervision and checks")
    TECHNOLOGY = "technology", N_("Technical control")
    SEPARATION = "separation", N_("Separation of powers")


class MeasureStage(Term):
    PREVENTION = "prevention", N_("Early prevention")
    MONITORING = "monitoring", N_("Monitoring")
    HANDLING = "handling", N_("Handling afterwards")


class MeasureStatus(Term):
    OPEN = "open", N_("Not started")
    DOING = "doing", N_("Under way")
    VERIFYING = "verifying", N_("Verification asked for")
    VERIFIED = "verified", N_("Verified")
    RETURNED = "returned", N_("Sent back")


class CommitmentKind(Term):
    """What is signed or visited and kept as a date alone (廉洁承诺书, 家庭助廉承诺, 廉政家访)."""

    PLEDGE = "pledge", N_("Integrity pledge")
    FAMILY = "family", N_("Family's pledge")
    VISIT = "visit", N_("Integrity home visit")


class Kinship(Term):
    """How two people are related, as far as recusal asks for it."""

    SPOUSE = "spouse", N_("Husband or wife")
    CHILD = "child", N_("Child")
    PARENT = "parent", N_("Parent")
    SIBLING = "sibling", N_("Brother or sister")
    OTHER = "other", N_("Other close relative")


class ActorKind(Term):
    PARTY = "party", N_("Party organisation leads")
    MEMBER = "member", N_("Party member takes it on")
    SOCIETY = "society", N_("Society takes part")
    MARKET = "market", N_("Market supplements")


class DisclosureClass(Term):
    PARTY = "party", N_("Party affairs disclosure")
    AFFAIRS = "affairs", N_("Residents' affairs disclosure")
    FINANCE = "finance", N_("Finance disclosure")
    NONE = "none", N_("Not disclosed")


PUBLIC_CLASSES = tuple(kind for kind in DisclosureClass if kind is not DisclosureClass.NONE)


class DisclosureWhen(Term):
    PERMANENT = "permanent", N_("Permanent")
    IMMEDIATE = "immediate", N_("At once")
    MONTHLY = "monthly", N_("Every month")
    QUARTERLY = "quarterly", N_("Every quarter")
    HALF_YEARLY = "half_yearly", N_("Every half-year")
    YEARLY = "yearly", N_("Every year")
    NOTICE_7_DAYS = "notice_7_days", N_("7-day notice")


class DecisionStep(Term):
    """The six steps of a 三重一大 decision (四议两公开), in their order."""

    PROPOSED = "proposed", N_("Proposed by the Party organisation")
    DISCUSSED = "discussed", N_("Discussed by both committees")
    REVIEWED = "reviewed", N_("Reviewed by the meeting of Party members")
    RESOLVED = "resolved", N_("Resolved by the residents' representatives")
    RESOLUTION_PUBLISHED = "resolution_published", N_("Resolution made public")
    RESULT_PUBLISHED = "result_published", N_("Result made public")


class RatingStage(Term):
    INITIAL = "initial", N_("Initial level")
    EXPECTED = "expected", N_("Level expected after measures")
    VERIFIED = "verified", N_("Verified level")


class SignedStage(Term):
    """What is signed: the rating, and later the closing."""

    RATING = "rating", N_("Rating")
    CLOSING = "closing", N_("Closing")


class ReviewResult(Term):
    """What a second look at a closed entry finds (回头看)."""

    EFFECTIVE = "effective", N_("Effective")
    PARTLY = "partly", N_("Partly effective")
    INEFFECTIVE = "ineffective", N_("Ineffective")
    UNCLEAR = "unclear", N_("Cannot be told")


class Answer(Term):
    """What a post-holder says of one power item in a round."""

    NOTHING = "nothing", N_("No new risk")
    CHANGED = "changed", N_("Changed")
    FOUND = "found", N_("Found one")


class Change(Term):
    """What became of an entry from one year's round to the next."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Carried over, changed")
    SAME = "same", N_("Carried over as it was")
    GONE = "gone", N_("Gone")


class RunKind(Term):
    """Long work that goes on by itself and is reviewed afterwards."""

    INTAKE = "intake", N_("Intake of many flags")
    RECURRENCE = "recurrence", N_("Search for common risks")
    FREEZING = "freezing", N_("Freezing of registers")


class RunStatus(Term):
    WAITING = "waiting", N_("Waiting")
    RUNNING = "running", N_("Under way")
    DONE = "done", N_("Finished")
    CANCELLED = "cancelled", N_("Cancelled")
    FAILED = "failed", N_("Failed")


class GroupStatus(Term):
    """What became of a proposal that several flags or entries are one matter."""

    OPEN = "open", N_("To be reviewed")
    DECIDED = "decided", N_("Decided")
    SET_ASIDE = "set_aside", N_("Set aside")


class OpeningKind(Term):
    """What two people open or dispose of together."""

    CONTACT = "contact", N_("Open the contact")
    ORIGINAL = "original", N_("Open the original of a file")
    DISPOSAL = "disposal", N_("Dispose of the matter")


class OpeningStatus(Term):
    """Where a deed of two people stands."""

    ASKED = "asked", N_("Waits for a second person")
    GRANTED = "granted", N_("Agreed to")
    REFUSED = "refused", N_("Not agreed to")
    WITHDRAWN = "withdrawn", N_("Withdrawn by whoever asked")
    DONE = "done", N_("Done")


class Role(Term):
    RESIDENT = "resident", N_("Resident")
    CADRE = "cadre", N_("Community cadre")
    WATCHDOG = "watchdog", N_("Residents' watchdog committee")
    SUPERVISOR = "supervisor", N_("Supervisor")
    DISCIPLINE = "discipline", N_("Discipline desk")
    SYSTEM_ADMIN = "system_admin", N_("System administrator")
    SECURITY_ADMIN = "security_admin", N_("Security administrator")
    AUDITOR = "auditor", N_("Auditor")


class Handing(Term):
    """How an entry came to whoever holds it."""

    BEGUN = "begun", N_("taken up")
    RAISED = "raised", N_("raised to the level above")
    CONCERNED = "concerned", N_("begun above, by the rules of recusal")
    RETURNED = "returned", N_("given back")
    HANDED_DOWN = "handed_down", N_("handed down")
    OBJECTED = "objected", N_("given back after an objection")


class ResolveLevel(Term):
    """Where a matter is solved (大事全市解、中事部门解、小事就地解、杂事协商解)."""

    CITY = "city", N_("Great matters are solved by the whole city")
    DEPARTMENT = "department", N_("Middling matters are solved by departments")
    LOCAL = "local", N_("Small matters are solved on the spot")
    DELIBERATION = "deliberation", N_("Mixed matters are solved by talking them over")


class WarningLevel(Term):
    """How badly prevention is carried out; another scale than the level of a risk, in other colours."""

    YELLOW = "yellow", N_("Yellow · reminder")
    ORANGE = "orange", N_("Orange · warning")
    RED = "red", N_("Red · supervised")
