import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  type ConfigureResponse,
  DiffRequest,
  type DiffResponse,
  GetMappingRequest,
  type GetMappingResponse,
  GetSchemaRequest,
  type GetSchemaResponse,
  InvokeRequest,
  type InvokeResponse,
  ProviderHandshakeRequest,
  type ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { differenceIn, reasonsIn, type PluginDifference } from "./pluginAnswers";
import { call, fromStruct, toStruct, type Properties } from "./protocol";

/** The engine's calls about the provider itself. Secrets keep their marks in both directions. */
export interface ProviderCalls {
  handshake(engine?: string): Promise<ProviderHandshakeResponse.AsObject>;
  checkConfig(news: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  diffConfig(olds: Properties, news: Properties): Promise<PluginDifference>;
  /**
   * @param name the name of the provider
   * @param options.sendsName whether the engine sends the name; earlier ones send only the URN
   */
  configure(
    args: Properties,
    name?: string,
    options?: { sendsName: boolean },
  ): Promise<ConfigureResponse.AsObject>;
  /** @param name such as `whoAmI`, or a whole token */
  invoke(name: string, args?: Properties): Promise<{ result: Properties; failures: string[] }>;
  cancel(): Promise<void>;
  getSchema(): Promise<string>;
  /** The version of the plugin. */
  getPluginInfo(): Promise<string>;
  getMapping(): Promise<GetMappingResponse.AsObject>;
}

const urnOf = (name: string): string => `urn:pulumi:test::test::pulumi:providers:disruptive::${name}`;

export function providerCalls(client: ResourceProviderClient): ProviderCalls {
  return {
    async handshake(engine = "") {
      const request = new ProviderHandshakeRequest();
      request.setEngineAddress(engine);
      return (await call<ProviderHandshakeResponse>((done) => client.handshake(request, done))).toObject();
    },

    async checkConfig(news) {
      const request = new CheckRequest();
      request.setUrn(urnOf("default"));
      request.setNews(toStruct(news));
      const response = await call<CheckResponse>((done) => client.checkConfig(request, done));
      return { inputs: fromStruct(response.getInputs()), failures: reasonsIn(response) };
    },

    async diffConfig(olds, news) {
      const request = new DiffRequest();
      request.setUrn(urnOf("default"));
      request.setOlds(toStruct(olds));
      request.setOldInputs(toStruct(olds));
      request.setNews(toStruct(news));
      return differenceIn(await call<DiffResponse>((done) => client.diffConfig(request, done)));
    },

    async configure(args, name = "default", { sendsName } = { sendsName: true }) {
      const request = new ConfigureRequest();
      request.setArgs(toStruct(args));
      request.setUrn(urnOf(name));
      if (sendsName) request.setName(name);
      return (await call<ConfigureResponse>((done) => client.configure(request, done))).toObject();
    },

    async invoke(name, args = {}) {
      const request = new InvokeRequest();
      request.setTok(name.includes(":") ? name : `disruptive:index:${name}`);
      request.setArgs(toStruct(args));
      const response = await call<InvokeResponse>((done) => client.invoke(request, done));
      return { result: fromStruct(response.getReturn()), failures: reasonsIn(response) };
    },

    async cancel() {
      await call((done) => client.cancel(new Empty(), done));
    },

    async getSchema() {
      const answer = call<GetSchemaResponse>((done) => client.getSchema(new GetSchemaRequest(), done));
      return (await answer).getSchema();
    },

    async getPluginInfo() {
      return (await call<PluginInfo>((done) => client.getPluginInfo(new Empty(), done))).getVersion();
    },

    async getMapping() {
      const request = new GetMappingRequest();
      request.setKey("terraform");
      return (await call<GetMappingResponse>((done) => client.getMapping(request, done))).toObject();
    },
  };
}
