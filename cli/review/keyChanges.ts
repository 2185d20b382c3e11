import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { retirementOf, whatIsDue, type Schedule } from "../../provider/keys/schedule.js";
import type { AccountOf } from "../guard/sameThing.js";
import { coming, leaving, shown, typeOf, type State, type Step } from "../guard/plan.js";

/** A change of a service account's keys. */
export interface KeyChange {
  readonly change: "made" | "rotated" | "deleted";
  /** The account's API name, or the URN of the resource that creates it. Empty if the preview does not show it. */
  readonly account: string;
  /** The id of the key that is deleted or replaced. Empty for a new key. */
  readonly keyId: string;
  /** Why, if the change follows from time or from a trigger. */
  readonly why: string;
  /** The URN. */
  readonly resource: string;
}

/**
 * Finds the keys that a plan makes, rotates and deletes.
 *
 * @param steps the steps without renames that keep their key
 * @param accountOf finds the account that an input depends on
 * @param asOf the date that decides which rotations are due
 */
export const keyChanges = (steps: readonly Step[], accountOf: AccountOf, asOf: Date): KeyChange[] =>
  steps.flatMap((step) => {
    switch (typeOf(step)) {
      case "ServiceAccountKey":
        if (step.op !== "update") return [...lostIn(step), ...madeIn(step)];
        return isOfNewAccount(step, accountOf)
          ? [...lostIn({ ...step, op: "replace" }), ...madeIn({ ...step, op: "replace" })]
          : dueIn(step, asOf);
      case "KeyRetirement":
        return retiredIn(step, asOf);
      default:
        return [];
    }
  });

/** Whether the account of a key is replaced, so that the update replaces the key, too. */
function isOfNewAccount({ newState }: Step, accountOf: AccountOf): boolean {
  if (newState === undefined || shown(newState.inputs.serviceAccount) !== undefined) return false;
  const account = accountOf(newState, "serviceAccount");
  return account === "new" || account?.isLost === true;
}

const lostIn = (step: Step): KeyChange[] =>
  leaving([step]).flatMap(({ urn, state }) => {
    const { keyId = idOf(state.id), previousKeyId } = state.outputs;
    const ids = [keyId, previousKeyId].flatMap((id) => shown(id) ?? []).filter((id) => id !== "");
    return ids.map((id): KeyChange => ({
      change: "deleted",
      account: parentOf(state.id),
      keyId: id,
      why: "",
      resource: urn,
    }));
  });

/** A resource that adopts a key makes none. */
const madeIn = (step: Step): KeyChange[] =>
  coming([step])
    .filter(({ state }) => state.inputs.adopt === undefined)
    .map(({ urn, state }) => ({
      change: "made",
      account: shown(state.inputs.serviceAccount) ?? state.propertyDependencies.serviceAccount?.[0] ?? "",
      keyId: "",
      why: "",
      resource: urn,
    }));

function dueIn({ urn, oldState, newState }: Step, asOf: Date): KeyChange[] {
  if (oldState === undefined || newState === undefined) return [];
  const { outputs, id } = oldState;
  const [keyId, previousKeyId] = [shown(outputs.keyId) ?? "", shown(outputs.previousKeyId) ?? ""];
  const wanted = scheduleIn(newState.inputs);
  const birth = {
    createTime: shown(outputs.createTime) ?? "",
    mintedAsOf: shown(outputs.mintedAsOf),
    provenAsOf: shown(outputs.provenAsOf),
  };
  const recorded = {
    ...scheduleIn(outputs),
    rotateAt: shown(outputs.rotateAt) ?? "",
    retireAt: previousKeyId === "" ? "" : retirementOf(birth, wanted.overlap),
    previousKeyId,
  };
  const { rotate, retire } = whatIsDue(recorded, wanted, asOf);
  const isLeftToUs = newState.inputs.retirement === undefined || newState.inputs.retirement === "automatic";
  const change = { account: parentOf(id), resource: urn };
  return [
    ...(rotate === undefined ? [] : [{ ...change, change: "rotated" as const, keyId, why: rotate }]),
    ...(retire === undefined || !isLeftToUs
      ? []
      : [{ ...change, change: "deleted" as const, keyId: previousKeyId, why: retire }]),
  ];
}

function scheduleIn({ rotationTriggers, rotateAfter, overlap }: State["inputs"]): Schedule {
  const isMap = typeof rotationTriggers === "object" && rotationTriggers !== null;
  return {
    rotationTriggers: isMap ? (rotationTriggers as Record<string, string>) : undefined,
    rotateAfter: shown(rotateAfter),
    overlap: shown(overlap) ?? "24h",
  };
}

/** A retirement deletes the previous key after the delivery of its successor and the overlap. */
function retiredIn({ urn, op, newState }: Step, asOf: Date): KeyChange[] {
  if (newState === undefined || !["create", "update", "replace"].includes(op)) return [];
  const { inputs } = newState;
  const [keyId, createTime] = [shown(inputs.previousKeyId) ?? "", shown(inputs.createTime) ?? ""];
  if (keyId === "") return [];
  const { overlap } = scheduleIn(inputs);
  const why = whatIsDue(
    { overlap, rotateAt: "", previousKeyId: keyId, retireAt: retirementOf({ createTime }, overlap) },
    { overlap },
    asOf,
  ).retire;
  if (why === undefined) return [];
  const account = shown(inputs.serviceAccount) ?? "";
  return [{ change: "deleted", account, keyId, why: `${why}, if its successor is delivered`, resource: urn }];
}
