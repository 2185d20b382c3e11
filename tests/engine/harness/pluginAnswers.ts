import {
  type CheckResponse,
  DiffResponse,
  type InvokeResponse,
  PropertyDiff,
} from "@pulumi/pulumi/proto/provider_pb";

export interface PluginDifference {
  changes: boolean;
  /** The names of the inputs that differ. */
  diffs: string[];
  /** Such as `{ "tags.a": "UPDATE" }`. */
  details: Record<string, string>;
  replaces: string[];
  stables: string[];
  deleteBeforeReplace: boolean;
}

/** A difference, in plain values. */
export function differenceIn(response: DiffResponse): PluginDifference {
  expect(response.getHasdetaileddiff()).toBe(true);
  expect(response.getChanges()).not.toBe(DiffResponse.DiffChanges.DIFF_UNKNOWN);
  const details = response
    .getDetaileddiffMap()
    .getEntryList()
    .map(([path]) => [path, kindOf(response.getDetaileddiffMap().get(path))] as const);
  return {
    changes: response.getChanges() === DiffResponse.DiffChanges.DIFF_SOME,
    diffs: response.getDiffsList(),
    details: Object.fromEntries(details),
    replaces: response.getReplacesList(),
    stables: response.getStablesList().sort(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

const kindOf = (difference: PropertyDiff | undefined): string =>
  Object.entries(PropertyDiff.Kind).find(([, value]) => value === difference?.getKind())?.[0] ?? "none";

/** The failures' reasons. None may name a property, because Pulumi would print its value. */
export function reasonsIn(response: CheckResponse | InvokeResponse): string[] {
  const failures = response.getFailuresList();
  expect(failures.map((failure) => failure.getProperty())).toEqual(failures.map(() => ""));
  return failures.map((failure) => failure.getReason());
}
