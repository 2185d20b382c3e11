import { known, type Name, type Setting } from "../../provider/session/settingTable.js";
import { identifying } from "../../provider/session/settings.js";
import { membersOf, type Sources } from "./sources";
import type { Properties, PropertySpec, ResourceSpec } from "./spec";
import { isOptional } from "./types";

/** The stack's configuration. The environment is only in the descriptions, because an SDK would copy it to the state. */
export const configVariables = (): Properties =>
  propertiesOf(({ environment }) => `The environment variable ${either(environment)} overrides it.`);

/** The provider resource, for credentials other than the stack's. */
export function providerSpec(sources: Sources): ResourceSpec {
  const args = membersOf("ProviderArgs", sources);
  for (const name of args.keys()) {
    if (!(name in known))
      throw new Error(
        `sdk/provider.ts: ProviderArgs has ${name}, which provider/session/settingTable.ts lacks`,
      );
  }
  const required = [...args].filter(([, member]) => !isOptional(member)).map(([name]) => name);
  return {
    description: [
      "Separate credentials for some resources, such as those of a second service account or of another company.",
      "It never combines them with the environment or with the stack configuration: the key, its secret, the email and the kind of login must all be given here.",
      "A setting other than these may come from the environment if it is not given.",
    ].join(" "),
    inputProperties: propertiesOf(({ environment }, name) =>
      identifying.has(name)
        ? ""
        : `If it is not set, the environment variable ${either(environment)} sets it.`,
    ),
    requiredInputs: required,
  };
}

function propertiesOf(more: (setting: Setting, name: Name) => string): Properties {
  const names = Object.keys(known) as Name[];
  return Object.fromEntries(
    names.map((name): [string, PropertySpec] => {
      const setting: Setting = known[name];
      const { meaning, type = "string", isSecret } = setting;
      const description = `${capitalized(meaning)}. ${more(setting, name)}`.trim();
      return [name, { type, description, ...(isSecret === true ? { secret: true } : {}) }];
    }),
  );
}

const either = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" or ");

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
