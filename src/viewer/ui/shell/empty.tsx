/**
 * The page before anything is open: what this is, how to begin, and that nothing leaves the machine.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import type { App } from "../app.ts";
import { Icon } from "./icon.tsx";

const TITLE = text("Watch a TCP connection explain itself", "让 TCP 连接自己讲清楚");
const WHAT = text(
  "Drop a capture here: seqack shows every segment, why it is there, what its bytes mean, and what went wrong.",
  "把抓包文件拖到这里：seqack 会展示每个报文段、它为什么出现、每个字节的含义，以及哪里出了问题。",
);
const CHOOSE = text("Choose captures…", "选择抓包文件…");
const KINDS = text(
  "pcap, pcapng or snoop, also gzip, zstd or lz4. Several files are merged by time.",
  "支持 pcap、pcapng、snoop，也支持 gzip、zstd、lz4 压缩；多个文件按时间合并。",
);
const PRIVATE = text(
  "Nothing leaves this machine: the page reads the file itself, and sends nothing anywhere.",
  "数据不会离开本机：文件由页面自己读取，不向任何地方发送。",
);
const OWN = text("No capture at hand? In a terminal:", "手边没有抓包？在终端里运行：");

/** See the module. */
export function Empty({ app, onOpen }: { readonly app: App; readonly onOpen: () => void }): VNode {
  return (
    <main class="empty">
      <div class="empty-card">
        <Ladder />
        <h1>{app.say(TITLE)}</h1>
        <p>{app.say(WHAT)}</p>
        <button type="button" class="primary" onClick={onOpen}>
          <Icon name="file" /> {app.say(CHOOSE)}
        </button>
        <p class="quiet">{app.say(KINDS)}</p>
        <p class="private">{app.say(PRIVATE)}</p>
        <p class="quiet">
          {app.say(OWN)} <code>seqack view -i lo tcp</code>
        </p>
      </div>
    </main>
  );
}

/** The article's picture in small: three segments open, data, an answer. */
function Ladder(): VNode {
  const arrows: readonly (readonly [number, number, number, string])[] = [
    [40, 18, 34, "one"],
    [200, 40, 56, "two"],
    [40, 62, 78, "one"],
    [40, 88, 104, "data"],
    [200, 110, 126, "two"],
  ];
  return (
    <svg class="empty-picture" viewBox="0 0 240 140" aria-hidden="true">
      <path class="pole" d="M40 8v124M200 8v124" />
      {arrows.map(([x, y1, y2, kind]) => {
        const to = 240 - x;
        const back = x < to ? -8 : 8;
        return (
          <path
            key={y1}
            class={`arrow is-${kind}`}
            d={`M${x} ${y1}L${to} ${y2}m${back}-4.6L${to} ${y2}l${back} 3`}
          />
        );
      })}
    </svg>
  );
}
