"""The class of every view and body by "room.Name", the fields that differ, and what is only kept.

What a class means stands in `policy.fields`. A model that is not here stops the start-up.
"""

from collections.abc import Iterator

from app.policy.rule import Field, Kind

OPEN: dict[Kind, dict[str, str]] = {
    "public": {
        "accounts": "Asked",
        "api": "Count Items CheckView ProofView WorkflowLine WorkflowView",
        "compendium": "ArrangementView CapacityView EntityView EntryVersion LeadView MandateView"
        " StaleView VersionView",
        "directory": "CountryView GroupView",
        "reports": "PublicFigures PublicLine PublishedView",
    },
    "internal": {
        "accounts": "InvitationBody JoinBody JoinView PasswordSet ResetBody SessionMade SessionView"
        " RecoveryView SteppedUp Suspected",
        "api": "ActView BlockerView FaultView FeedView OptionView Options VerificationView"
        " VerifiedView",
        "assessment": "AcknowledgeBody ReuseBody",
        "compendium": "ChangeBody ChangesBody ChangesView ComparedView Difference FieldChange"
        " ReviewBody FocalPointGap FocalPointView",
        "delivery": "ActivityBody ActivityView ClosingBody ClosingView ComponentView DeliveryView"
        " DepartureBody DepartureView EditActivity IndicatorBody IndicatorView LeadBody MeasureBody"
        " ProgrammeView ReportBody ReportView ResultsView StatusBody",
        "directory": "ColleagueView DelegationBody DelegationView GrantBody GrantView InterestBody"
        " InterestView LanguageBody LanguageView Me PersonBody PersonView RecusalBody TokenBody"
        " TokenMade TokenView",
        "knowledge": "EntryBody EntryView",
        "matching": "AskAgain BasisView ConflictView ImpactLine ImpactView MatchConsentBody"
        " MatchingView NeedMark OfferView OutcomeView PortfolioBody PortfolioLine PortfolioView"
        " ProposalBody ProposalLine ProposalView ReasonBody ResponseBody ResponseView",
        "outbox": "NoticeView",
        "reports": "AtlasView DeclineLine DurationLine EntityLine GainLine PlaceLine Report"
        " MeetingView SlowStay StateLine TopicLine TopicStanding",
        "requests": "AssignmentView CommentBody CommentView ConditionMet ConditionView ConsentBody"
        " ConsentView EditNeed EditRequest ElementView EventView FileRequest GlassBody"
        " GlassReadingView GlassReview GlassView LevelBody LoweringBody MatterBody NamedGrantBody"
        " NamedGrantView NeedBody NeedView OpeningBody OpeningView RequestLine RequestView"
        " StandingWorkBody StandingWorkView StatusView UrgencyBody UrgencySettled VerdictBody"
        " MetView SuggestBody SuggestNeed SuggestedView TextSuggestion SuggestionsView",
        "retention": "AgainstView ErasureView GoingView HoldView ReasonBody",
        "webhooks": "DeliveryView RotateBody WebhookBody WebhookMade WebhookView",
        "wiring": "MoveBody",
    },
}
CLOSED: dict[Kind, dict[str, str]] = {
    "restricted": {
        "api": "AssessmentWhole",
        "assessment": "AcknowledgementView AnswerBody AnswerView AreaProfileView AssessmentLine"
        " BlockView ChangeView ConsultationBody ConsultationView EditPlan EvidenceBody EvidenceView"
        " FieldView FindingBody FindingView GroupView HostBody ImpactView MeasuredView MemberBody"
        " NeedOnFindings PlanBody ProfileView ProgressView QuestionView QuestionnaireView RiskBody"
        " RiskView SectionView SignatureView SuggestionView TopicChangeView TopicProfileView"
        " VisitBody VisitView",
        "delivery": "FindingView",
        "requests": "AnswerBody AskBody AttachmentView ClarificationView LoweringView ProtectedView"
        " TextVersionView",
        "screening": "AppealView ConfirmationBody CriterionBody CriterionView DecisionBody"
        " DecisionView DerivedView FindingLine PrincipleBody PrincipleView ReasonView RoundView"
        " ScreeningView VerdictLine",
    },
    "protected": {"requests": "ProtectedBody ProtectedOpened"},
    "secret": {
        "accounts": "ChangeBody CodeBody Device PasswordBody RecoveryBody RecoveryCodes SignInBody"
    },
}


def _named(page: dict[Kind, dict[str, str]]) -> Iterator[tuple[str, Kind]]:
    for kind, rooms in page.items():
        for room, names in rooms.items():
            yield from ((f"{room}.{name}", kind) for name in names.split())


MODELS: dict[str, Kind] = dict([*_named(OPEN), *_named(CLOSED)])
"""The class of each model."""

LISTS = "api.Items"
"""Pages of lists: one of what may not be read is refused as a whole."""

KEEPERS = frozenset({"administrator"})
OWN = Field("internal", entities="own")
NOT_ENTITIES = Field("internal", entities="none")
FIELDS: dict[tuple[str, str], Field] = {
    # who may be written to
    ("directory.PersonView", "email"): Field("restricted", readers=KEEPERS),
    ("directory.PersonBody", "email"): Field("restricted", writers=KEEPERS),
    # what an activity rests on lays weaknesses open
    ("delivery.ActivityView", "findings"): Field("restricted"),
    # an entity that is asked learns of itself, not who else could help, nor what others answered
    ("matching.MatchingView", "candidates"): OWN,
    ("matching.MatchingView", "outlook"): NOT_ENTITIES,
    ("matching.MatchingView", "proposal"): OWN,
    ("matching.MatchingView", "basis"): NOT_ENTITIES,
    ("matching.MatchingView", "waiting"): OWN,
    ("matching.ProposalLine", "lead"): OWN,
    ("matching.ProposalLine", "entities"): OWN,
    ("matching.ProposalView", "lead"): OWN,
    ("matching.ProposalView", "entities"): OWN,
    ("matching.ProposalView", "assignments"): OWN,
    ("matching.ProposalView", "responses"): OWN,
    ("matching.ProposalView", "content"): NOT_ENTITIES,
    ("matching.ProposalView", "inputs"): NOT_ENTITIES,
    ("matching.ProposalView", "inputs_hash"): NOT_ENTITIES,
    ("matching.ProposalView", "conflicts"): NOT_ENTITIES,
    # shown once, or to its own session alone
    ("directory.TokenMade", "secret"): Field("secret"),
    ("webhooks.WebhookMade", "secret"): Field("secret"),
    ("directory.Me", "csrf"): Field("secret"),
    ("accounts.SessionMade", "csrf"): Field("secret"),
    # what a body sets on purpose, though the service keeps it elsewhere
    ("delivery.StatusBody", "status"): Field("internal"),
    ("requests.GlassBody", "reference"): Field("internal"),
    ("requests.LevelBody", "level"): Field("internal"),
    ("requests.LoweringBody", "level"): Field("internal"),
    ("assessment.NeedOnFindings", "number"): Field("restricted"),
}
"""The exceptions, by model and field. A field that some may not read is null for them; of one that
is an entity's own, who sees a request for entities' sake alone gets what names theirs."""

KEPT = frozenset(
    {
        *("id", "number", "reference", "workflow", "workflow_version", "revision", "origin"),
        *("state", "stage", "label", "turn", "urgency", "level", "status", "standing", "round"),
        *("created_at", "filed_at", "updated_at", "since", "due", "at", "by", "sha256", "head"),
        *("completed_at", "signature", "countersignature", "acknowledgements", "reused_from"),
        *("decided_by", "decided_at", "confirmed_by", "confirmed_at", "proposed_by", "given_by"),
        *("agreed_by", "revoked_at", "reviewed_by", "asked_by", "erased_at", "placed_by"),
        *("suspended", "assured_at", "prefix", "prepared_at", "inputs_hash", "derived"),
    }
)
"""What the service keeps by itself: no body sets it, but those that are excepted above."""
