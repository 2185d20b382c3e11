import { functionSpecs } from "./functions";
import { languages, packageFacts } from "./package";
import { argumentTypes, resourceSpecs } from "./resources";
import { configVariables, providerSpec } from "./settings";
import { readSources } from "./sources";
import type { PackageSpec } from "./spec";

/**
 * Pulumi's schema of the plugin, from the sdk's types and comments and the provider's definitions.
 *
 * @throws Error that names the file to correct, if the sdk and the provider disagree
 */
export function buildSchema(): PackageSpec {
  const sources = readSources();
  const { functions, types } = functionSpecs(sources);
  return {
    ...packageFacts(),
    language: languages,
    config: { variables: configVariables() },
    provider: providerSpec(sources),
    types: { ...types, ...argumentTypes(sources) },
    functions,
    resources: resourceSpecs(sources),
  };
}
