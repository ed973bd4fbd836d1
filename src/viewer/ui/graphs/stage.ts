/**
 * What of a graph is looked at, and the picture of it: asks the worker, and draws.
 *
 * While a new picture is on its way the old one is drawn where its points belong by now, so that moving
 * never waits for the worker. Pictures are asked for with a margin at both sides.
 *
 * @module
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Text } from "../../../base/lang.ts";
import { fitValues } from "../../draw/graph/fit.ts";
import { boxOf, type View } from "../../draw/graph/scale.ts";
import { panned, type Span, widened, within, zoomed } from "../../model/graph/camera.ts";
import type { Graph, GraphOf, GraphPoint } from "../../model/graph/graph.ts";
import { formatShown, parseShown, type Shown } from "../../model/graph/shown.ts";
import type { App } from "../app.ts";
import { AnswerError } from "../client.ts";

/** Of its width, at each side. */
const MARGIN = 0.25;
/** Room beside the first and the last segment. */
const ROOM = 0.02;
/** Nanoseconds in sight, at least. */
const LEAST_NS = 1000;
/** After the last movement the range becomes everybody's: each goes into the address, and a browser takes only so many. */
const SETTLED_MS = 200;
/** While a recording grows, a new picture is asked for no sooner. */
const GROWTH_MS = 400;

/** See the module. */
export class Stage {
  readonly app: App;
  readonly shown: ReadonlySignal<Shown>;
  readonly picture = signal<Graph | null>(null);
  /** Why there is no picture, or no newer one; `null`: nothing went wrong. */
  readonly problem = signal<Text | null>(null);
  readonly selected = signal<readonly GraphPoint[]>([]);
  /** Pixels; 0 until they are known. */
  readonly width = signal(0);
  readonly height = signal(0);
  /** The times in sight while they are moved; `null`: the page's range. */
  readonly #moving = signal<Span | null>(null);
  /** The same of values. */
  readonly #movingValues = signal<Span | null>(null);
  #settling: ReturnType<typeof setTimeout> | undefined;
  #growing: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #isStale = false;
  #isClosed = false;
  #asked: AbortController | null = null;
  readonly #effects: (() => void)[] = [];

  constructor(app: App) {
    this.app = app;
    this.shown = computed(() => parseShown(app.show.value));
    const graph = computed(() => JSON.stringify([this.#of, app.inputs.value.length]));
    this.#effects.push(
      effect(() => {
        void graph.value;
        batch(() => {
          this.picture.value = null;
          this.problem.value = null;
          this.selected.value = [];
        });
      }),
      effect(() => {
        void [graph.value, this.times.value, this.width.value];
        this.#ask();
      }),
      effect(() => {
        void app.version.value;
        this.#growing ??= setTimeout(() => {
          this.#growing = undefined;
          this.#ask();
        }, GROWTH_MS);
      }),
      effect(() => {
        void [graph.value, this.picture.value === null];
        void this.#find(app.frame.value);
      }),
      effect(() => {
        void [app.stream.value, app.range.value];
        this.#moving.value = null;
      }),
      effect(() => {
        void [app.stream.value, app.show.value];
        this.#movingValues.value = null;
      }),
    );
  }

  close(): void {
    this.#isClosed = true;
    // Where the last movement led counts, also of a view that is left at once.
    this.#settle();
    for (const end of this.#effects) end();
    clearTimeout(this.#settling);
    clearTimeout(this.#growing);
    this.#asked?.abort();
  }

  /** The whole connection; `null` before anything is known. */
  get whole(): Span | null {
    const { value } = this.picture;
    return value === null ? null : widened(value.span, ROOM, LEAST_NS);
  }

  /** Times in sight; `null`: all. */
  readonly times: ReadonlySignal<Span | null> = computed(
    () => this.#moving.value ?? this.app.range.value,
  );

  /** What is in sight; `null` before there is a picture. */
  get view(): View | null {
    const graph = this.picture.value;
    const { whole } = this;
    if (graph === null || whole === null || this.width.value === 0) return null;
    const { hidden, values } = this.shown.value;
    const times = this.times.value ?? whole;
    return {
      width: this.width.value,
      height: this.height.value,
      times,
      values: this.#movingValues.value ?? values ?? fitValues(graph, times, hidden),
      hidden,
      selected: this.selected.value,
      selectedAt: this.#selectedAt,
      lang: this.app.lang.value,
    };
  }

  /** Also of a segment that has no point in this graph. */
  get #selectedAt(): View["selectedAt"] {
    const details = this.app.details.value;
    if (details === null || details.stream !== this.app.stream.value) return null;
    return { time: details.time, frame: details.frame };
  }

  /** Changes what the address holds of the graphs. */
  show(change: Partial<Shown>): void {
    this.app.show.value = formatShown({ ...this.shown.value, ...change });
  }

  /** Narrower below 1; around the share `at` of the picture. */
  zoomTimes(factor: number, at: number = 0.5): void {
    const { view } = this;
    if (view !== null) this.#move(zoomed(view.times, factor, at));
  }

  zoomValues(factor: number, at: number = 0.5): void {
    const { view } = this;
    if (view !== null) this.#showValues(zoomed(view.values, factor, at));
  }

  panTimes(share: number): void {
    const { view } = this;
    if (view !== null) this.#move(panned(view.times, share));
  }

  panValues(share: number): void {
    const { view } = this;
    if (view !== null) this.#showValues(panned(view.values, share));
  }

  /** Looks at just these times, and values when they are given. */
  lookAt(times: Span, values: Span | null): void {
    batch(() => {
      this.#move(times);
      if (values !== null) this.#showValues(values);
    });
  }

  /** Shows everything. */
  fit(): void {
    clearTimeout(this.#settling);
    batch(() => {
      this.#moving.value = this.#movingValues.value = null;
      this.app.range.value = null;
      this.show({ values: null });
    });
  }

  /** The graph that is shown; `null` without a connection. */
  get #of(): GraphOf | null {
    const { kind, dir } = this.shown.value;
    const stream = this.app.stream.value;
    return stream === null ? null : { stream, kind, dir };
  }

  /** What questions about the picture ask; its direction is decided by then. */
  get of(): GraphOf | null {
    const { value } = this.picture;
    return value === null ? this.#of : { stream: value.stream, kind: value.kind, dir: value.dir };
  }

  #move(to: Span): void {
    const { whole } = this;
    if (whole === null) return;
    this.#moving.value = within(to, whole, LEAST_NS);
    this.#settleSoon();
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle(): void {
    const [times, values, { whole }] = [this.#moving.value, this.#movingValues.value, this];
    batch(() => {
      if (times !== null && whole !== null) {
        const isAll = times[0] <= whole[0] && times[1] >= whole[1];
        // To the nanosecond, as the address has it.
        this.app.range.value = isAll ? null : [Math.round(times[0]), Math.round(times[1])];
      }
      if (values !== null) this.show({ values });
      this.#moving.value = this.#movingValues.value = null;
    });
  }

  #showValues(values: Span): void {
    const { kind } = this.shown.value;
    const least = kind === "sequence" || kind === "window" ? 1 : 1e-3;
    if (values[1] - values[0] < least) return;
    this.#movingValues.value = values;
    this.#settleSoon();
  }

  /** One question at a time; what changes meanwhile is asked for next. */
  #ask(): void {
    const of = this.#of;
    const width = this.width.peek();
    if (of === null || width === 0 || this.#isClosed || !this.app.isRead.peek()) return;
    // The address leads elsewhere: this view is about to go, and what is shown by then is another one's.
    if (this.app.view.peek() !== "graphs") return;
    if (this.#isAsking) {
      this.#isStale = true;
      return;
    }
    this.#isAsking = true;
    this.#isStale = false;
    const times = this.times.peek();
    const columns = boxOf({ width, height: 1 }).width;
    const range = times === null ? null : widened(times, MARGIN, 0);
    const query = { ...of, range, columns: times === null ? columns : columns * (1 + 2 * MARGIN) };
    const end = (): void => {
      this.#isAsking = false;
      if (this.#isStale) this.#ask();
    };
    this.#asked = new AbortController();
    this.app.client.ask("graph", query, this.#asked.signal).then(
      (graph) => {
        const now = this.#of;
        const isWanted = now?.stream === of.stream && now.kind === of.kind && now.dir === of.dir;
        if (isWanted && !this.#isClosed) {
          batch(() => {
            this.picture.value = graph;
            this.problem.value = null;
          });
        }
        end();
      },
      (e: unknown) => {
        end();
        if (this.#isClosed) return;
        if (!(e instanceof AnswerError)) throw e;
        this.problem.value = e.problem.text;
      },
    );
  }

  async #find(frame: number | null): Promise<void> {
    const of = this.of;
    if (frame === null || of === null || this.picture.peek() === null) {
      this.selected.value = [];
      return;
    }
    const points = await this.app.client.ask("graphPoints", { ...of, frame });
    if (this.app.frame.peek() === frame) this.selected.value = points;
  }
}
