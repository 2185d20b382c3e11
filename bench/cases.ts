import type { Case, Cloud, Program } from "./case";

/** How many resources, and in how many projects. */
const sizes = [
  { count: 100, projects: 10 },
  { count: 1000, projects: 10 },
  { count: 1000, projects: 100 },
  { count: 5000, projects: 100 },
] as const;
/** Measured by itself, since it takes so long: without a limit, and beside the floor only. */
const largest = { count: 10_000, projects: 1000 } as const;

export interface Choice {
  /** Only the smallest, and each once. */
  readonly isQuick: boolean;
  /** No case of more resources. */
  readonly most: number;
}

/** What is measured, the quickest first; what would take hours is left out, and its least time is computed instead. */
export function cases({ isQuick, most }: Choice): Case[] {
  if (isQuick) return [...compared({ count: 100, projects: 10 }, "no limit", ["floor", "ours"])];
  const chosen = sizes.filter(({ count }) => count <= most);
  return [
    ...chosen.flatMap((size) => [
      ...compared(size, "no limit", ["floor", "ours", "usual"]),
      ...compared(size, "20 ms latency", size.count > 1000 ? ["ours"] : ["ours", "usual"]),
      ...compared(size, "25 per 5 s", size.count > 100 ? ["ours"] : ["ours", "usual"]),
    ]),
    ...chosen
      .filter(({ count }) => count === 1000)
      .flatMap((size) => compared(size, "no limit", ["floor", "ours"], 64)),
    ...(largest.count <= most ? compared(largest, "no limit", ["floor", "ours"]) : []),
  ];
}

const compared = (
  size: { count: number; projects: number },
  cloud: Cloud,
  programs: readonly Program[],
  parallel?: number,
): Case[] => programs.map((program) => ({ program, ...size, cloud, parallel }));
