/**
 * Display filters: Wireshark's language over fields.
 *
 * @module
 */
export { type DisplayFilter, parseDisplayFilter } from "./parser.ts";
