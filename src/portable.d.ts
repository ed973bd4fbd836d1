/**
 * Everything that portable code may use beyond ECMAScript itself. This file is
 * the whole list; Node >= 20 and every browser have each of these.
 */
declare function queueMicrotask(callback: () => void): void;

declare class TextDecoder {
  constructor(
    label?: "utf-8" | "latin1",
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  );
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the platform declares it
declare class ReadableStreamDefaultController<T> {
  readonly desiredSize: number | null;
  enqueue(chunk: T): void;
  close(): void;
  error(reason: unknown): void;
}

declare class ReadableByteStreamController {
  readonly desiredSize: number | null;
  readonly byobRequest: {
    readonly view: Uint8Array<ArrayBuffer> | null;
    respond(bytes: number): void;
  } | null;
  enqueue(chunk: Uint8Array<ArrayBuffer>): void;
  close(): void;
  error(reason: unknown): void;
}

declare class ReadableStream<T = unknown> {
  readonly locked: boolean;
  constructor(
    source?:
      | {
          readonly type: "bytes";
          readonly autoAllocateChunkSize?: number;
          pull?(controller: ReadableByteStreamController): Promise<void>;
          cancel?(reason: unknown): Promise<void> | void;
        }
      | {
          readonly type?: undefined;
          pull?(controller: ReadableStreamDefaultController<T>): Promise<void>;
          cancel?(reason: unknown): Promise<void> | void;
        },
    strategy?: { readonly highWaterMark?: number },
  );
}

declare class WritableStream<T = unknown> {
  readonly locked: boolean;
  constructor(sink?: {
    write?(chunk: T, controller: { readonly signal: AbortSignal }): Promise<void>;
    close?(): Promise<void>;
    abort?(reason: unknown): Promise<void> | void;
  });
}

declare class MessagePort {
  addEventListener(type: "message", listener: () => void): void;
  start(): void;
  close(): void;
  postMessage(message: null): void;
}

declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

declare namespace WebAssembly {
  class Memory {
    constructor(pages: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  // oxlint-disable-next-line typescript/no-extraneous-class -- as the platform declares it
  class Module {
    constructor(code: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>,
    );
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
