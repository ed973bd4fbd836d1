/**
 * What a trace means: states, the segments of each call, the story.
 *
 * @module
 */
export {
  type Analysis,
  type AnalysisBatch,
  type AnalysisSource,
  analyze,
  analyzeInBatches,
  type AnalyzeOptions,
} from "./analyze.ts";
export { ANALYSIS_COLUMNS } from "./analyze-columns.ts";
export { type AnalyzedSegment, Segments } from "./analyze-segments.ts";
export {
  CONVERSATION_COLUMNS,
  DIRECTION_COLUMNS,
  NO_SHIFT,
  NO_SIDE,
  SynOption,
} from "./conversations/columns.ts";
export { communityId } from "./conversations/community-id.ts";
export { completenessName, describeCompleteness } from "./conversations/completeness.ts";
export type {
  Conversation,
  ConversationDirection,
  ConversationHandshake,
  ConversationRtt,
  Side,
} from "./conversations/conversation.ts";
export { Conversations } from "./conversations/conversations.ts";
export { type ConversationOrder, TopConversations } from "./conversations/top.ts";
export { ConversationTracker } from "./conversations/tracker.ts";
export { CauseAnalyzer } from "./causes/analyzer.ts";
export {
  Cause,
  CAUSES,
  type CauseName,
  Decision,
  DECISIONS,
  isRetransmission,
  Proof,
  PROOFS,
} from "./causes/cause.ts";
export { explainCauses } from "./causes/explain.ts";
export type { SegmentCauses } from "./causes/result.ts";
export type { DirectionCauses } from "./causes/totals.ts";
export { ConnectionStates, type EndStates, type StateSegment } from "./connection-states.ts";
export { attributeCalls, CallMap } from "./calls.ts";
export type { CallSegments } from "./call-segments.ts";
export { checkCausality, type Causality, type OrderCheck } from "./causality.ts";
export { handshakeOf, type Handshake } from "./call-edges.ts";
export { factsOf, type Facts, type Farewell, type Outcome } from "./facts.ts";
export { matchCalls, type ProgramEnd } from "./match.ts";
export { offerOf, type Offer } from "./offer.ts";
export { streamBytes, type DirectionBytes, type StreamBytes } from "./offsets.ts";
export type { Sentence } from "./sentence.ts";
export { STATES, trackStates, type StateName, type StateTrack } from "./states.ts";
export { sixSteps, type Step } from "./steps.ts";
export { tellStory, type Section, type Story } from "./story.ts";
export { type DisplayFilter, parseDisplayFilter } from "./display/parser.ts";
export { Explainer } from "./evidence/explainer.ts";
export { type Reason, reasonField } from "./evidence/reason.ts";
export {
  FINDINGS,
  type FindingId,
  SEVERITIES,
  type Severity,
  severityOf,
} from "./findings/catalogue.ts";
export { FindingFinder } from "./findings/finder.ts";
export type {
  Certainty,
  Evidence as FindingEvidence,
  Finding,
  FindingsReport,
  FindingWords,
  Looked,
} from "./findings/finding.ts";
export { FindingSink } from "./findings/read-findings.ts";
export { type Field, type FieldType, type FieldValue, showValue } from "./fields/field.ts";
export { type Frame, FrameFeed } from "./fields/frame.ts";
export { FIELDS, findField, nearestFields } from "./fields/registry.ts";
export { VerdictAnalyzer } from "./verdicts/analyzer.ts";
export { Completeness, type Evidence, type SegmentVerdicts } from "./verdicts/result.ts";
export {
  ANY_VERDICT,
  Note,
  NOTES,
  type NoteName,
  Verdict,
  verdictNames,
  type VerdictName,
  VERDICTS,
} from "./verdicts/verdict.ts";
