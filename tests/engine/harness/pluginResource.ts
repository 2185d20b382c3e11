import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  type DiffResponse,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { differenceIn, reasonsIn, type PluginDifference } from "./pluginAnswers";
import { call, fromStruct, toStruct, type Properties } from "./protocol";

/** The engine's calls about one resource. Secrets keep their marks in both directions. */
export interface PluginResource {
  readonly urn: string;
  /** @param olds the old inputs; undefined for a create */
  check(news: Properties, olds?: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  /** @param olds the old outputs @param news the result of check */
  diff(
    id: string,
    olds: Properties,
    news: Properties,
    options?: { oldInputs?: Properties; ignoreChanges?: string[] },
  ): Promise<PluginDifference>;
  create(inputs: Properties, options?: Options): Promise<{ id: string; state: Properties }>;
  /** `id` is empty if the thing no longer exists. Without a state, it is an import. */
  read(
    id: string,
    state?: Properties,
    options?: { inputs?: Properties; timeout?: number },
  ): Promise<{ id: string; state: Properties; inputs: Properties }>;
  /** @param olds the old outputs @returns the new outputs */
  update(id: string, olds: Properties, news: Properties, options?: Options): Promise<Properties>;
  delete(id: string, state: Properties, options?: Pick<Options, "timeout">): Promise<void>;
}

interface Options {
  preview?: boolean;
  /** Seconds. */
  timeout?: number;
}

/** @param kind such as `ServiceAccount`, or a whole type */
export function pluginResource(client: ResourceProviderClient, kind: string, name = "thing"): PluginResource {
  const type = kind.includes(":") ? kind : `disruptive:index:${kind}`;
  const urn = `urn:pulumi:test::test::${type}::${name}`;
  return {
    urn,
    async check(news, olds = {}) {
      const request = new CheckRequest();
      request.setUrn(urn);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      const response = await call<CheckResponse>((done) => client.check(request, done));
      return { inputs: fromStruct(response.getInputs()), failures: reasonsIn(response) };
    },

    async diff(id, olds, news, { oldInputs, ignoreChanges = [] } = {}) {
      const request = new DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      if (oldInputs !== undefined) request.setOldInputs(toStruct(oldInputs));
      request.setIgnorechangesList(ignoreChanges);
      return differenceIn(await call<DiffResponse>((done) => client.diff(request, done)));
    },

    async create(inputs, { preview = false, timeout = 0 } = {}) {
      const request = new CreateRequest();
      request.setUrn(urn);
      request.setProperties(toStruct(inputs));
      request.setPreview(preview);
      request.setTimeout(timeout);
      const response = await call<CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), state: fromStruct(response.getProperties()) };
    },

    async read(id, state, { inputs, timeout = 0 } = {}) {
      const request = new ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setTimeout(timeout);
      if (state !== undefined) request.setProperties(toStruct(state));
      if (inputs !== undefined) request.setInputs(toStruct(inputs));
      const response = await call<ReadResponse>((done) => client.read(request, done));
      return {
        id: response.getId(),
        state: fromStruct(response.getProperties()),
        inputs: fromStruct(response.getInputs()),
      };
    },

    async update(id, olds, news, { preview = false, timeout = 0 } = {}) {
      const request = new UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      request.setPreview(preview);
      request.setTimeout(timeout);
      const answer = call<UpdateResponse>((done) => client.update(request, done));
      return fromStruct((await answer).getProperties());
    },

    async delete(id, state, { timeout = 0 } = {}) {
      const request = new DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(toStruct(state));
      request.setTimeout(timeout);
      await call((done) => client.delete(request, done));
    },
  };
}
