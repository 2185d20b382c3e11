import { identifying, known, type Name, type Setting } from "../../provider/session/settingTable.js";
import { commentOf } from "./comment";
import { describe } from "./describe";
import { declared, membersOf, type Sources } from "./sources";
import type { Properties, PropertySpec, ResourceSpec } from "./spec";
import { isOptional } from "./types";

/** The stack's configuration. The schema does not tell SDKs the environment, because they would copy it to the state. */
export const configVariables = (): Properties =>
  propertiesOf(({ environment }) => `The environment variable ${either(environment)} overrides it.`);

/**
 * The provider resource, for credentials other than the stack's.
 *
 * @throws Error if the sdk has an argument that is not a setting
 */
export function providerSpec(sources: Sources): ResourceSpec {
  const args = membersOf("ProviderArgs", sources);
  const unknown = [...args.keys()].filter((name) => !(name in known));
  if (unknown.length > 0) {
    throw new Error(
      `provider/session/settingTable.ts: lacks ${unknown.join(", ")}, which ProviderArgs in sdk/provider.ts has: add it, or remove it from the sdk`,
    );
  }
  return {
    description: describe("Provider", commentOf(declared("Provider", sources.classes)).text),
    inputProperties: propertiesOf(({ environment }, name) =>
      identifying.has(name)
        ? ""
        : `If it is not set, the stack configuration or the environment variable ${either(environment)} sets it.`,
    ),
    requiredInputs: [...args].filter(([, member]) => !isOptional(member)).map(([name]) => name),
  };
}

function propertiesOf(moreAbout: (setting: Setting, name: Name) => string): Properties {
  const names = Object.keys(known) as Name[];
  return Object.fromEntries(
    names.map((name): [string, PropertySpec] => {
      const setting: Setting = known[name];
      const { meaning, type = "string", isSecret, byDefault } = setting;
      const sentences = [
        `${capitalized(meaning)}.`,
        moreAbout(setting, name),
        byDefault === undefined ? "" : `The default is \`${byDefault}\`.`,
      ];
      const description = sentences.filter((each) => each !== "").join(" ");
      return [name, { type, description, ...(isSecret === true ? { secret: true } : {}) }];
    }),
  );
}

const either = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" or ");

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
