/**
 * Reports as text: they return strings and never print.
 *
 * @module
 */
export { type ConversationBlockOptions, formatConversation } from "./conversation-block.ts";
export {
  CONVERSATION_FIELDS,
  type ConversationField,
  conversationJson,
  conversationRow,
  type ConversationValue,
} from "./conversation-fields.ts";
export { type ConversationTableOptions, formatConversationTable } from "./conversation-table.ts";
export { FieldRows, type FieldRowOptions } from "./fields.ts";
export { formatFindings, type FindingsLayout } from "./findings.ts";
export { renderHeaders, type HeaderOptions } from "./header.ts";
export { hexDumpLines } from "./hexdump.ts";
export { JsonFrames } from "./json.ts";
export { formatLadder, type LadderOptions } from "./ladder.ts";
export { LinePrinter, type LineOptions } from "./lines.ts";
export { ANSI, PLAIN, type Paint } from "./paint.ts";
export { reasonLines } from "./reasons.ts";
export { formatStory, frameRefs, type LayoutOptions } from "./story.ts";
export { fit, shorten, textWidth, wrap } from "./wrap.ts";
