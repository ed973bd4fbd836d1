/**
 * The state of the page: signals that everything shown depends on, and what changes them.
 *
 * One selection for all views: {@link App.stream}, {@link App.frame}, {@link App.range}. A view reads
 * them and calls {@link App.select}; it keeps no selection of its own.
 *
 * @module
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Lang, text, type Text } from "../../base/lang.ts";
import {
  type BytesPlace,
  formatPlace,
  type Order,
  parsePlace,
  type Place,
  START,
  type Theme,
  type TimeMode,
} from "../model/address.ts";
import type { Action } from "../model/keys.ts";
import {
  type Explanation,
  type FrameDetails,
  type Input,
  NOTHING_READ,
  type Progress,
} from "../model/protocol.ts";
import { KeyQueue } from "../model/key-queue.ts";
import { AddressBar } from "./address-bar.ts";
import { AnswerError, Client } from "./client.ts";
import { type FilterState, NO_FILTER } from "./filter-state.ts";
import { freshOf, sizeOf } from "./inputs.ts";
import { systemIsDark } from "./system-theme.ts";

const UNEXPLAINED: Explanation = { reasons: [], note: null };

/** What the server that the page came from is doing; `none`: the page came as plain files. */
export type ServerState = "none" | "live" | "gone";

/** Hears of an action before the page does; true when it has done it. */
export type ActionHandler = (action: Action) => boolean;

/** See the module. */
export class App {
  readonly view = signal("");
  readonly stream = signal<number | null>(null);
  readonly frame = signal<number | null>(null);
  /** Nanoseconds since the first packet. */
  readonly range = signal<readonly [number, number] | null>(null);
  /** What the view keeps of itself in the address; words that it does not know are another view's. */
  readonly show = signal("");
  /** The filter that is applied. */
  readonly filter = signal("");
  readonly time = signal<TimeMode>("relative");
  readonly chosenLang = signal<Lang | null>(null);
  readonly theme = signal<Theme>("auto");
  readonly bytes = signal<BytesPlace>(START.bytes);
  readonly order = signal<Order>(START.order);
  readonly find = signal("");
  /** The recording that the link was about, when it said so. */
  readonly file = signal<string | null>(null);
  /** Whether that is another one than what is open. */
  readonly isOtherFile = signal(false);

  readonly inputs = signal<readonly Input<Blob>[]>([]);
  /** Files that came while others are open: the page asks what becomes of them. */
  readonly offered = signal<readonly Input<Blob>[]>([]);
  /** `null` until something is opened. */
  readonly progress = signal<Progress | null>(null);
  readonly filterState = signal<FilterState>(NO_FILTER);
  /** Rises whenever rows of the list may have changed. */
  readonly version = signal(0);
  /** The selected frame in full; `null` while it is on its way. */
  readonly details = signal<FrameDetails | null>(null);
  /** Why its segment is what it is. */
  readonly explanation = signal<Explanation>(UNEXPLAINED);
  readonly isHelpOpen = signal(false);
  readonly isSideOpen = signal(false);
  readonly server = signal<ServerState>("none");
  /** Said by a screen reader, and shown for a while. */
  readonly notice = signal<Text | null>(null);

  /** The selection and the range that the address brought last. */
  #linked: Pick<Place, "frame" | "range"> = START;
  readonly #isSystemDark = systemIsDark();

  readonly lang: ReadonlySignal<Lang> = computed(
    () => this.chosenLang.value ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
  );
  /** Whether the page is dark: as chosen, else as the system is. */
  readonly isDark: ReadonlySignal<boolean> = computed(() =>
    this.theme.value === "auto" ? this.#isSystemDark.value : this.theme.value === "dark",
  );
  /** Whether the list shows what passed the filter. */
  readonly isFiltered: ReadonlySignal<boolean> = computed(() =>
    ["running", "done"].includes(this.filterState.value.phase),
  );

  readonly client: Client = new Client((message) => {
    if (message.kind === "progress") this.#onProgress(message.progress);
    else {
      const { done, total, matches } = message;
      this.filterState.value = { phase: "running", done, total, matches, problem: null };
      this.version.value++;
    }
  });

  readonly #handlers: ActionHandler[] = [];
  readonly #queue = new KeyQueue();
  #filtering: AbortController | null = null;
  #asking: AbortController | null = null;

  constructor() {
    this.#restore(parsePlace(location.hash));
    const bar = new AddressBar((hash) => {
      if (hash !== formatPlace(this.place)) this.#restore(parsePlace(hash));
    });
    effect(() =>
      bar.write(formatPlace(this.place), this.#isSettled.value, this.progress.peek() !== null),
    );
    effect(() => {
      document.documentElement.lang = this.lang.value === "zh" ? "zh-CN" : "en";
      document.documentElement.dataset["theme"] = this.isDark.value ? "dark" : "light";
    });
    effect(() => void this.#askFor(this.frame.value, this.isFrameRead.value));
  }

  /** Whether more can be put to what is open: all of it can be read once more, and has an end. */
  readonly canMerge: ReadonlySignal<boolean> = computed(() => {
    const hasEnded = this.progress.value?.phase !== "reading";
    const isServed = this.server.value !== "gone";
    return this.inputs.value.every(
      ({ from, size }) => "file" in from || (isServed && (size !== null || hasEnded)),
    );
  });

  /** Whether anything was read. */
  readonly isRead: ReadonlySignal<boolean> = computed(
    () => (this.progress.value?.packets ?? 0) > 0,
  );

  /** Whether reading has come to the selected frame, or to its end: a link may name one far behind. */
  readonly isFrameRead: ReadonlySignal<boolean> = computed(() => {
    const { packets, phase } = this.progress.value ?? NOTHING_READ;
    return packets > 0 && (phase !== "reading" || packets >= (this.frame.value ?? Infinity));
  });

  /** Whether the selected frame, if there is one, is known to be of the selected connection. */
  readonly #isSettled: ReadonlySignal<boolean> = computed(
    () => this.frame.value === null || this.details.value?.frame === this.frame.value,
  );

  /** Everything that the address holds. */
  get place(): Place {
    return {
      file: this.file.value,
      view: this.view.value,
      stream: this.stream.value,
      frame: this.frame.value,
      range: this.range.value,
      show: this.show.value,
      filter: this.filter.value,
      time: this.time.value,
      lang: this.chosenLang.value,
      theme: this.theme.value,
      bytes: this.bytes.value,
      order: this.order.value,
      find: this.find.value,
    };
  }

  /** Whether a link chose both what is selected and the range that is seen: then neither follows the other. */
  get isAsLinked(): boolean {
    const { frame, range } = this.#linked;
    return range !== null && frame === this.frame.value && range === this.range.value;
  }

  /** The sentence in the page's language. */
  say(words: Text): string {
    return words[this.lang.value];
  }

  /** Opens captures, several as one in the order of time; the selection is the address's. */
  open(inputs: readonly Input<Blob>[], keepsPlace: boolean = false): void {
    this.#filtering?.abort();
    this.#asking?.abort();
    // What still goes on was about the recording before.
    this.#queue.forget();
    this.client.open(inputs);
    batch(() => {
      this.inputs.value = inputs;
      this.progress.value = { ...NOTHING_READ, size: sizeOf(inputs) };
      this.details.value = null;
      this.explanation.value = UNEXPLAINED;
      this.filterState.value = NO_FILTER;
      this.isOtherFile.value = false;
      this.version.value++;
      if (!keepsPlace) {
        this.file.value = null;
        this.stream.value = this.frame.value = this.range.value = null;
        this.filter.value = this.find.value = "";
      }
    });
  }

  /**
   * Opens files that were chosen or dropped. The first ones that can be read keep the place that a link named;
   * while something is open it is asked about them.
   */
  openFiles(files: Iterable<File>): void {
    const inputs = [...files].map((file) => ({ name: file.name, size: file.size, from: { file } }));
    if (inputs.length === 0) return;
    const { packets, phase } = this.progress.value ?? { packets: 0, phase: "done" };
    if (packets > 0 || phase === "reading") this.offered.value = [...this.offered.value, ...inputs];
    else this.open(inputs, true);
  }

  /** What was offered comes instead of what is open, or beside it; what is open already is not taken twice. */
  takeOffered(how: "replace" | "merge" | "leave"): void {
    const offered = this.offered.value;
    if (offered.length === 0) return;
    this.offered.value = [];
    if (how === "replace") this.open(offered);
    if (how !== "merge") return;
    const open = this.inputs.value;
    const fresh = freshOf(offered, open);
    if (fresh.length > 0) this.open([...open, ...fresh]);
    else this.notice.value = OPEN_ALREADY;
  }

  /** Selects a frame; its stream too when that is known. `null`: no frame. */
  select(frame: number | null, stream: number | null = this.stream.value): void {
    batch(() => {
      this.frame.value = frame;
      this.stream.value = stream;
    });
  }

  /** Selects a connection, and its first frame, which is asked for when it is not known. */
  selectStream(stream: number, firstFrame: number | null = null): void {
    batch(() => {
      this.stream.value = stream;
      this.range.value = null;
      this.frame.value = firstFrame;
    });
    if (firstFrame === null) this.goTo("first");
  }

  /** Applies a display filter; the empty one shows everything. */
  async applyFilter(words: string): Promise<void> {
    this.#filtering?.abort();
    const filtering = (this.#filtering = new AbortController());
    this.filter.value = words.trim();
    const total = this.progress.value?.packets ?? 0;
    this.filterState.value =
      this.filter.value === "" ? NO_FILTER : { ...NO_FILTER, phase: "running", total };
    try {
      const ask = { text: this.filter.value };
      const { matches } = await this.client.ask("filter", ask, filtering.signal);
      if (this.filter.value !== "") {
        this.filterState.value = { phase: "done", done: total, total, matches, problem: null };
      }
    } catch (e) {
      if (filtering.signal.aborted) return;
      if (!(e instanceof AnswerError)) throw e;
      this.filterState.value = { ...NO_FILTER, phase: "wrong", problem: e.problem };
    }
    this.version.value++;
  }

  /** Ends a filter that is at work: everything is shown again. */
  cancelFilter(): void {
    void this.applyFilter("");
  }

  /**
   * Selects the next segment where a finding shows, within the stream when one is selected. While a recording is
   * read, and where nothing more was found, the next one with a verdict.
   */
  nextFinding(step: 1 | -1, stream: number | null = this.stream.value): Promise<void> {
    return this.#step(() => this.#selectFinding(step, stream));
  }

  /** Selects the next segment of the connection or the one before; the first or the last of it. */
  goTo(where: "next" | "previous" | "first" | "last"): void {
    const step = where === "next" || where === "first" ? 1 : -1;
    void this.#step(async () => {
      const stream = this.stream.value;
      if (stream === null) return;
      const from = where === "first" || where === "last" ? 0 : (this.frame.value ?? 0);
      const frame = await this.client.ask("neighbour", { stream, frame: from, step });
      if (frame !== 0) this.select(frame, stream);
    });
  }

  /** After what keys asked before; what cannot be answered is said. */
  #step(step: () => Promise<void>): Promise<void> {
    return this.#queue.take(step).catch((e: unknown) => this.#tell(e));
  }

  #tell(e: unknown): void {
    if (!(e instanceof AnswerError)) throw e;
    this.notice.value = e.problem.text;
  }

  async #selectFinding(step: 1 | -1, stream: number | null): Promise<void> {
    const ask = { frame: this.frame.value ?? 0, step, stream };
    const isOver = this.progress.value?.phase !== "reading";
    const found = isOver ? await this.client.ask("nextFinding", ask) : 0;
    const frame = found === 0 ? await this.client.ask("nextVerdict", ask) : found;
    if (frame !== 0) this.select(frame);
    else this.notice.value = step > 0 ? NO_NEXT : NO_PREVIOUS;
  }

  /** @returns What takes the handler away again. The latest one hears first. */
  onAction(handler: ActionHandler): () => void {
    this.#handlers.push(handler);
    return () => this.#handlers.splice(this.#handlers.indexOf(handler), 1);
  }

  /** Does what a key asked for; false when nobody did. */
  act(action: Action): boolean {
    return this.#handlers.toReversed().some((handler) => handler(action));
  }

  #onProgress(progress: Progress): void {
    const before = this.progress.value;
    const isFirst = (before?.packets ?? 0) === 0 && progress.packets > 0;
    batch(() => {
      this.progress.value = progress;
      this.version.value++;
      this.#holdToFile(progress.fingerprint);
    });
    // A link brought a filter along.
    const isOver = progress.phase !== "reading" && before?.phase === "reading";
    const isWaiting = this.filter.value !== "" && this.filterState.value.phase === "none";
    if (isWaiting && (isOver || (isFirst && progress.size === null))) {
      void this.applyFilter(this.filter.value);
    }
  }

  /** What a link selects is of its own recording: nothing is selected in another one. */
  #holdToFile(open: string | null | undefined): void {
    if (open == null || this.file.value === null || open === this.file.value) return;
    this.file.value = null;
    this.isOtherFile.value = true;
    this.stream.value = this.frame.value = this.range.value = null;
    this.filter.value = "";
  }

  async #askFor(frame: number | null, isRead: boolean): Promise<void> {
    this.#asking?.abort();
    this.details.value = null;
    this.explanation.value = UNEXPLAINED;
    if (frame === null || !isRead) return;
    const { signal: given } = (this.#asking = new AbortController());
    try {
      const details = await this.client.ask("frame", { frame }, given);
      batch(() => {
        this.stream.value = details?.stream ?? this.stream.value;
        this.details.value = details;
      });
      if (details === null) return;
      this.explanation.value = await this.client.ask("reasons", { frame }, given);
    } catch (e) {
      if (!given.aborted) this.#tell(e);
    }
  }

  #restore(place: Place): void {
    const [filter, details] = [this.filter.value, this.details.peek()];
    batch(() => {
      this.view.value = place.view;
      // Of a frame that is shown already nobody is asked again whose it is.
      const known = place.frame === details?.frame ? details?.stream : null;
      this.stream.value = known ?? place.stream;
      this.frame.value = place.frame;
      this.range.value = place.range;
      this.show.value = place.show;
      this.filter.value = place.filter;
      this.time.value = place.time;
      this.chosenLang.value = place.lang;
      this.theme.value = place.theme;
      this.bytes.value = place.bytes;
      this.order.value = place.order;
      this.find.value = place.find;
      this.file.value = place.file;
      this.isOtherFile.value = false;
      this.#holdToFile(this.progress.peek()?.fingerprint);
    });
    this.#linked = { frame: this.frame.value, range: this.range.value };
    if (this.filter.value !== filter && this.isRead.value) void this.applyFilter(this.filter.value);
  }
}

const OPEN_ALREADY = text("These are open already.", "这些文件已经打开了。");
const NO_NEXT = text("No further finding here.", "后面没有别的发现了。");
const NO_PREVIOUS = text("No earlier finding here.", "前面没有别的发现了。");
