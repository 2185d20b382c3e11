import type { Case, Cloud, Program } from "./case";

/** The number of resources, and of the projects that they are spread over. */
const sizes = [
  { count: 100, projects: 10 },
  { count: 1000, projects: 10 },
  { count: 1000, projects: 100 },
  { count: 5000, projects: 100 },
] as const;
/** Has its own run because it takes so long: without a limit, and compared only with the floor. */
const largest = { count: 10_000, projects: 1000 } as const;

export interface Choice {
  /** Runs only the smallest cases, and each one once. */
  readonly isQuick: boolean;
  /** Leaves out the cases with more resources than this. */
  readonly most: number;
}

/**
 * The cases to measure, the fastest first. Cases that would take hours are left out: the report computes
 * their least time.
 */
export function cases({ isQuick, most }: Choice): Case[] {
  if (isQuick) return [...compared({ count: 100, projects: 10 }, "no limit", ["floor", "ours", "plugin"])];
  const chosen = sizes.filter(({ count }) => count <= most);
  return [
    ...chosen.flatMap((size) => [
      ...compared(size, "no limit", ["floor", "ours", "plugin", "usual"]),
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
