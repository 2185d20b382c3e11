import { readOtherLists } from "../../cli/access/otherLists";
import { readPlaces } from "../../cli/cloud/places";
import type { AccessRecord, Criteria } from "../../cli/access/record";
import { recordOf } from "../../cli/access/recordOf";
import { applyBaseline, type Baseline } from "../../cli/findings/baseline";
import { drift, verdict } from "../../cli/findings/verdict";
import { reportOf } from "../../cli/formats/report";
import { sessionFor } from "../../provider/session/session";
import type { Stack } from "../provider/stack";
import type { World } from "../provider/world";
import { compared, type Circumstances } from "./compareWithCloud";
import type { Exported } from "./state";

export interface Recording extends Circumstances {
  readonly criteria?: Partial<Criteria>;
  readonly baseline?: Baseline;
}

/** The record of a stack's access, in this process. */
export async function recorded(
  world: World,
  stack: Stack | Exported,
  { criteria, baseline = { version: 1, accepted: [], ignored: [] }, ...circumstances }: Recording = {},
): Promise<AccessRecord> {
  const { login, asOf = new Date().toISOString() } = circumstances;
  const settings: Record<string, string> = { ...world.settingsOf(login) };
  const session = await sessionFor((key) => settings[key]);
  const logins = { session, byProvider: new Map() };
  const [comparison, places] = await Promise.all([compared(world, stack, circumstances), readPlaces(logins)]);
  const decided = applyBaseline(comparison.findings, baseline, new Date(asOf));
  return recordOf({
    ...{ comparison, decided, places },
    report: reportOf(comparison, decided, drift, verdict(decided.findings, drift)),
    others: await readOtherLists(comparison, places, logins),
    criteria: { domains: [], keyAge: "90d", within: "14d", ...criteria },
    asOf: new Date(asOf),
    apiUrl: session.settings.apiUrl,
  });
}
