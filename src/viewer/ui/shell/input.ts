/**
 * Keys and dropped files, anywhere on the page.
 *
 * @module
 */
import { useEffect, useState, useLayoutEffect } from "preact/hooks";
import type { TimeMode } from "../../model/address.ts";
import { type Action, actionOf } from "../../model/keys.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";

const NEXT_TIME: Readonly<Record<TimeMode, TimeMode>> = {
  relative: "delta",
  delta: "absolute",
  absolute: "relative",
};

/** Does what keys ask for; views hear first. */
export function usePageKeys(app: App, onOpen: () => void): void {
  useActions(app, (action) => {
    const own = ownActions(app, onOpen)[action];
    own?.();
    return own !== undefined;
  });
  useLayoutEffect(() => {
    const onKeyDown = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || isTyping(e) || document.querySelector("dialog[open]") !== null)
        return;
      const action = actionOf(e);
      if (action === null || (app.progress.value === null && !["help", "open"].includes(action)))
        return;
      // What nobody does is the browser's: Page Down scrolls.
      if (app.act(action)) e.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** What the page does itself. */
function ownActions(app: App, onOpen: () => void): Partial<Record<Action, () => void>> {
  return {
    help: () => (app.isHelpOpen.value = true),
    open: onOpen,
    "time-mode": () => (app.time.value = NEXT_TIME[app.time.value]),
    "next-finding": () => void app.nextFinding(1),
    "previous-finding": () => void app.nextFinding(-1),
    fit: () => (app.range.value = null),
    // Where there are no rows.
    "next-row": () => app.goTo("next"),
    "previous-row": () => app.goTo("previous"),
    "first-row": () => app.goTo("first"),
    "last-row": () => app.goTo("last"),
    "next-page": () => scrollView(PAGE),
    "previous-page": () => scrollView(-PAGE),
    out: () => goOut(app),
  };
}

/** Of what is seen. */
const PAGE = 0.9;

/** Scrolls what of the view is longer than its room. */
function scrollView(pages: number): void {
  const pane = [...document.querySelectorAll("main *")].find(
    (one) =>
      one.scrollHeight > one.clientHeight + 1 &&
      ["auto", "scroll"].includes(getComputedStyle(one).overflowY),
  );
  pane?.scrollBy({ top: pane.clientHeight * pages });
}

/** What is in the way is closed; else the selection is given up. */
function goOut(app: App): void {
  if (app.isSideOpen.value) app.isSideOpen.value = false;
  else app.select(null);
}

/** Letters belong to who writes; Ctrl+O does not. */
function isTyping(e: KeyboardEvent): boolean {
  const { target } = e;
  if (e.ctrlKey || e.metaKey || !(target instanceof HTMLElement)) return false;
  return target.matches("input, textarea, select, [contenteditable]");
}

/** Takes files that are dropped on the page; true while some are held over it. */
export function useFileDrop(app: App): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (e: DragEvent): boolean => e.dataTransfer?.types.includes("Files") === true;
    const onDragOver = (e: DragEvent): void => {
      if (!hasFiles(e)) return;
      e.preventDefault();
      setOver(true);
    };
    const onDragLeave = (e: DragEvent): void => {
      if (e.relatedTarget === null) setOver(false);
    };
    const onDrop = (e: DragEvent): void => {
      if (!hasFiles(e)) return;
      e.preventDefault();
      setOver(false);
      app.openFiles(e.dataTransfer?.files ?? []);
    };
    document.addEventListener("dragover", onDragOver);
    document.addEventListener("dragleave", onDragLeave);
    document.addEventListener("drop", onDrop);
    return () => {
      document.removeEventListener("dragover", onDragOver);
      document.removeEventListener("dragleave", onDragLeave);
      document.removeEventListener("drop", onDrop);
    };
  }, []);
  return isOver;
}
