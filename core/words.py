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


class DisclosureWhen(Term):
    PERMANENT = "permanent", N_("Permanent")
    IMMEDIATE = "immediate", N_("At once")
    MONTHLY = "monthly", N_("Every month")
    QUARTERLY = "quarterly", N_("Every quarter")
    HALF_YEARLY = "half_yearly", N_("Every half-year")
    YEARLY = "yearly", N_("Every year")
    NOTICE_7_DAYS = "notice_7_days", N_("7-day notice")


class RatingStage(Term):
    INITIAL = "initial", N_("Initial level")
    EXPECTED = "expected", N_("Level expected after measures")
    VERIFIED = "verified", N_("Verified level")


class Answer(Term):
    """What a post-holder says of one power item in a round."""

    NOTHING = "nothing", N_("No new risk")
    CHANGED = "changed", N_("Changed")
    FOUND = "found", N_("Found one")


class RunKind(Term):
    """Long work that goes on by itself and is reviewed afterwards."""

    INTAKE = "intake", N_("Intake of many flags")
    RECURRENCE = "recurrence", N_("Search for common risks")


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


class Event(Term):
    """What the audit log can say."""

    SITE_FOUNDED = "site_founded", N_("Product set up")
    UNIT_ADDED = "unit_added", N_("Unit added")
    UNIT_RENAMED = "unit_renamed", N_("Unit renamed")
    UNIT_CLOSED = "unit_closed", N_("Unit closed")
    KIND_ADDED = "kind_added", N_("Kind of unit added")
    PERSON_ADDED = "person_added", N_("Account added")
    PERSON_LEFT = "person_left", N_("Account closed")
    ROLE_GRANTED = "role_granted", N_("Role granted")
    ROLE_REVOKED = "role_revoked", N_("Role revoked")
    PASSWORD_RESET = "password_reset", N_("Password reset")
    PASSWORD_CHANGED = "password_changed", N_("Password changed")
    SIGNED_IN = "signed_in", N_("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", N_("Sign-in failed")
    SIGNED_OUT = "signed_out", N_("Signed out")
    POST_ADDED = "post_added", N_("Post added")
    POST_TAKEN = "post_taken", N_("Post taken up")
    POST_LEFT = "post_left", N_("Post left")
    POST_HANDED_OVER = "post_handed_over", N_("Post handed over")
    ITEM_ADDED = "item_added", N_("Power item added")
    ITEM_CHANGED = "item_changed", N_("Power item changed")
    ITEM_RETIRED = "item_retired", N_("Power item retired")
    ROUND_OPENED = "round_opened", N_("Round opened")
    ITEM_INSPECTED = "item_inspected", N_("Power item inspected")
    FLAG_RAISED = "flag_raised", N_("Flag raised")
    FLAG_READ = "flag_read", N_("Residents' words read")
    FLAG_ASKED = "flag_asked", N_("Sender asked")
    FLAG_ANSWERED = "flag_answered", N_("Sender answered")
    SENDER_WROTE = "sender_wrote", N_("Sender wrote of their own accord")
    FLAG_REFERRED = "flag_referred", N_("Flag referred elsewhere")
    FLAG_DECLINED = "flag_declined", N_("Flag not adopted")
    FLAG_RESTORED = "flag_restored", N_("Decision on a flag taken back")
    FLAG_MERGED = "flag_merged", N_("Flag merged")
    FLAG_OPENED = "flag_opened", N_("Flag opened as an entry")
    FLAG_UNMERGED = "flag_unmerged", N_("Merge undone")
    FLAG_SEALED = "flag_sealed", N_("Matter sealed")
    SEALED_OPENED = "sealed_opened", N_("Sealed matter opened")
    SEAL_CONFIRMED = "seal_confirmed", N_("Seal confirmed")
    SEAL_LIFTED = "seal_lifted", N_("Seal lifted")
    SENDER_RATED = "sender_rated", N_("Sender gave a rating")
    FLAG_TAKEN_BACK = "flag_taken_back", N_("Sender took their words back")
    POINT_RAISED = "point_raised", N_("Point raised with communities")
    RISK_DESCRIBED = "risk_described", N_("Entry described")
    RISK_ASSIGNED = "risk_assigned", N_("Entry assigned")
    RISK_RATED = "risk_rated", N_("Level decided")
    RISK_STATED = "risk_stated", N_("Statement made")
    RISK_ANNOUNCED = "risk_announced", N_("Put on public notice")
    RISK_FILED = "risk_filed", N_("Filed")
    RISK_CONTROLLED = "risk_controlled", N_("Put under control")
    CLOSING_ASKED = "closing_asked", N_("Closing asked for")
    CLOSING_REFUSED = "closing_refused", N_("Closing sent back")
    RISK_CLOSED = "risk_closed", N_("Entry closed")
    RISK_REOPENED = "risk_reopened", N_("Entry reopened")
    RISK_WITHDRAWN = "risk_withdrawn", N_("Entry withdrawn")
    MEASURE_PLANNED = "measure_planned", N_("Measure planned")
    MEASURE_REPORTED = "measure_reported", N_("Progress reported")
    EVIDENCE_ADDED = "evidence_added", N_("Evidence added")
    VERIFICATION_ASKED = "verification_asked", N_("Verification asked for")
    MEASURE_VERIFIED = "measure_verified", N_("Measure verified")
    MEASURE_RETURNED = "measure_returned", N_("Measure sent back")
    WEIGHTS_CHANGED = "weights_changed", N_("Weights of the matching changed")
    WEIGHTS_TAKEN_BACK = "weights_taken_back", N_("Weights of the matching taken back")
    TOLD_APART = "told_apart", N_("Told apart from an entry")
    TELLING_APART_UNDONE = "telling_apart_undone", N_("Telling apart taken back")
    FLAG_MOVED = "flag_moved", N_("Flag moved to another entry")
    FLAG_MOVED_BACK = "flag_moved_back", N_("Flag moved back")
    RISK_SPLIT = "risk_split", N_("Entry split")
    SPLIT_UNDONE = "split_undone", N_("Splitting taken back")
    RISK_RESTORED = "risk_restored", N_("Entry restored")
    RUN_BEGUN = "run_begun", N_("Long work begun")
    RUN_RESUMED = "run_resumed", N_("Long work taken up again")
    RUN_CANCELLED = "run_cancelled", N_("Long work cancelled")
    RUN_FINISHED = "run_finished", N_("Long work finished")
    RUN_FAILED = "run_failed", N_("Long work failed")
    ROWS_TAKEN = "rows_taken", N_("Rows of a sheet taken in")
    GROUP_DECIDED = "group_decided", N_("Group decided")
    GROUP_SET_ASIDE = "group_set_aside", N_("Group set aside")
    GROUP_BROUGHT_BACK = "group_brought_back", N_("Group taken up again")
    SUPPORTED = "supported", N_("Sender joined an entry")
    SUPPORT_TAKEN_BACK = "support_taken_back", N_("Sender left an entry again")
    FILE_ADDED = "file_added", N_("Sender added a file")
    FILE_DELETED = "file_deleted", N_("Sender deleted a file")
    CONTACT_LEFT = "contact_left", N_("Sender left a contact")
    CONTACT_DELETED = "contact_deleted", N_("Contact deleted")
    REOPENING_ASKED = "reopening_asked", N_("Sender asked to take it up again")
    ANSWER_KEPT = "answer_kept", N_("Answer to a sender kept")
    GUESSING_STOPPED = "guessing_stopped", N_("Trying of receipt codes stopped")
    OPENING_ASKED = "opening_asked", N_("Second person asked for")
    OPENING_GRANTED = "opening_granted", N_("Second person agreed")
    OPENING_REFUSED = "opening_refused", N_("Second person did not agree")
    CONTACT_OPENED = "contact_opened", N_("Contact opened")
    ORIGINAL_OPENED = "original_opened", N_("Original of a file opened")
    DISPOSED = "disposed", N_("Matter disposed of")
    HELD = "held", N_("Kept from deletion")
    HOLD_LIFTED = "hold_lifted", N_("Keeping from deletion ended")
    SWEPT = "swept", N_("Deleted when its time was over")
    KEYS_RENEWED = "keys_renewed", N_("Keys renewed")
