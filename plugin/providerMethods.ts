import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckResponse,
  ConfigureResponse,
  DiffResponse,
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
  InvokeResponse,
  ProviderHandshakeResponse,
  type CheckRequest,
  type ConfigureRequest,
  type DiffRequest,
  type InvokeRequest,
  type ProviderHandshakeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { cancelWaiting } from "../provider/api/http/cancellation.js";
import { printable } from "../provider/api/text/foreignText.js";
import { misspelled } from "../provider/contract/misspelling.js";
import { isEqual, unknown } from "../provider/lifecycle/properties.js";
import { noteEngine } from "../provider/machine/deployment.js";
import { doors, isDefaultName, packageName } from "../provider/stack/doors.js";
import { nameIn } from "../provider/stack/urns.js";
import type { Config } from "../provider/session/settings.js";
import { configOf, settingNames, textOf } from "./configuration.js";
import { changeOf, propertyDiff } from "./detailedDiff.js";
import { log } from "./engineLog.js";
import { functionNames, invoke } from "./functions.js";
import { checkFailure } from "./resourceMethods.js";
import { fromStruct, toStruct } from "./values.js";

let config: Config = configOf({ args: {}, isExplicit: false });

/** The configuration that the engine gave. */
export const currentConfig = (): Config => config;

/** The protocol's calls about the provider itself. */
export const providerMethods = {
  handshake(request: ProviderHandshakeRequest): ProviderHandshakeResponse {
    noteEngine(request.getEngineAddress());
    const response = new ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  },

  attach(request: PluginAttach): Empty {
    noteEngine(request.getAddress());
    return new Empty();
  },

  getPluginInfo(): PluginInfo {
    const response = new PluginInfo();
    response.setVersion(PACKAGE_VERSION);
    return response;
  },

  getSchema(): GetSchemaResponse {
    const response = new GetSchemaResponse();
    response.setSchema(PULUMI_SCHEMA);
    return response;
  },

  /** Refuses unknown settings, and marks the key's secret, in which language it may be given. */
  checkConfig(request: CheckRequest): CheckResponse {
    const { plain, secrets } = fromStruct(request.getNews());
    const response = new CheckResponse();
    for (const [name, value] of Object.entries(plain)) {
      const problem = isInternal(name) ? undefined : problemOf(name, value);
      if (problem !== undefined) response.addFailures(checkFailure(problem));
    }
    response.setInputs(toStruct(plain, new Set([...secrets, "keySecret"])));
    return response;
  },

  /** Another API base changes no resource, but the resources belong to the API in their state. */
  diffConfig(request: DiffRequest): DiffResponse {
    const { plain: olds } = fromStruct(request.getOlds());
    const { plain: news } = fromStruct(request.getNews());
    const response = new DiffResponse();
    response.setHasdetaileddiff(true);
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = names.filter((name) => !isInternal(name) && !isEqual(olds[name], news[name]));
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME);
    response.setDiffsList(changed);
    for (const name of changed) {
      const kind = changeOf(olds[name], news[name]);
      response.getDetaileddiffMap().set(name, propertyDiff(kind, false, true));
    }
    const [before, after] = [textOf(olds.apiUrl), textOf(news.apiUrl)];
    if (changed.includes("apiUrl") && before !== undefined && after !== undefined && after !== unknown) {
      log(
        `apiUrl changes from ${before} to ${after}. The resources of this provider stay in the API in their state, and are refused in another one: set apiUrl back, or use another provider or another stack`,
        "warning",
      );
    }
    return response;
  },

  configure(request: ConfigureRequest): ConfigureResponse {
    const { plain: args } = fromStruct(request.getArgs());
    const name = request.getName() || nameIn(request.getUrn() ?? "");
    config = configOf({ args, isExplicit: name !== "" && !isDefaultName(name) });
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  },

  async invoke(request: InvokeRequest): Promise<InvokeResponse> {
    const response = new InvokeResponse();
    const name = functionNames.find((each) => `${doors.plugin.types}${each}` === request.getTok());
    if (name === undefined) {
      response.addFailures(
        checkFailure(`${packageName} ${PACKAGE_VERSION} has no function ${request.getTok()}`),
      );
      return response;
    }
    try {
      const { plain, secrets } = fromStruct(request.getArgs());
      const answer = await invoke(name, plain, config);
      // An answer to a secret question may tell the secret.
      response.setReturn(toStruct(answer, new Set(secrets.size > 0 ? Object.keys(answer) : [])));
    } catch (error) {
      response.addFailures(checkFailure((error as Error).message));
    }
    return response;
  },

  cancel(): Empty {
    cancelWaiting();
    return new Empty();
  },

  getMapping: () => new GetMappingResponse(),
  getMappings: () => new GetMappingsResponse(),
};

/** The engine adds these. */
const isInternal = (name: string): boolean =>
  name.startsWith("__") || name === "version" || name === "pluginDownloadURL";

function problemOf(name: string, value: unknown): string | undefined {
  if (!settingNames.includes(name)) {
    const meant = misspelled(name, settingNames);
    const hint =
      meant === undefined ? `the settings are ${settingNames.join(", ")}` : `did you mean ${meant}?`;
    return `${printable(name)} is not a setting of the provider ${packageName}; ${hint}`;
  }
  return textOf(value) === undefined && value !== null
    ? `${name} must be text, a number or a boolean`
    : undefined;
}
