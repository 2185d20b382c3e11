import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { call, fromStruct, toStruct, type Properties } from "./protocol";

/** The engine's calls for one resource type. They add `__provider` to the inputs and remove it from the results. */
export interface ResourceCalls {
  /** @param olds the old inputs; undefined for a create */
  check(news: Properties, olds?: Properties): Promise<Checked>;
  /** @param olds the old outputs @param news the result of check */
  diff(id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  /** `id` is empty if the resource no longer exists. */
  read(
    id: string,
    props: Properties,
  ): Promise<{ id: string; props: Properties; inputs: Properties | undefined }>;
  /** @param olds the old outputs @returns the new outputs */
  update(id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(id: string, props: Properties): Promise<void>;
}

interface Checked {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

interface Difference {
  /** If undefined, the engine compares the inputs itself. */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** The calls of the resource type with this provider text. */
export function resourceCalls(client: ResourceProviderClient, providerText: string): ResourceCalls {
  const pack = (properties: Properties) => toStruct({ ...properties, __provider: providerText });
  return {
    async check(news, olds) {
      const request = new CheckRequest();
      // An existing old object has a provider. For a create the engine sends an empty object.
      request.setOlds(olds === undefined ? toStruct({}) : pack(olds));
      request.setNews(pack(news));
      const response = await call<CheckResponse>((done) => client.check(request, done));
      const failures = response.getFailuresList().map((failure) => failure.toObject());
      return { inputs: unpack(response.getInputs()), failures };
    },

    async diff(id, olds, news) {
      const request = new DiffRequest();
      request.setId(id);
      request.setOlds(pack(olds));
      request.setNews(pack(news));
      const response = await call<DiffResponse>((done) => client.diff(request, done));
      return {
        changes: CHANGES[response.getChanges()],
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },

    async create(inputs) {
      const request = new CreateRequest();
      request.setProperties(pack(inputs));
      const response = await call<CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), outs: unpack(response.getProperties()) };
    },

    async read(id, props) {
      const request = new ReadRequest();
      request.setId(id);
      request.setProperties(pack(props));
      const response = await call<ReadResponse>((done) => client.read(request, done));
      const inputs = response.hasInputs() ? unpack(response.getInputs()) : undefined;
      return { id: response.getId(), props: unpack(response.getProperties()), inputs };
    },

    async update(id, olds, news) {
      const request = new UpdateRequest();
      request.setId(id);
      request.setOlds(pack(olds));
      request.setNews(pack(news));
      return unpack((await call<UpdateResponse>((done) => client.update(request, done))).getProperties());
    },

    async delete(id, props) {
      const request = new DeleteRequest();
      request.setId(id);
      request.setProperties(pack(props));
      await call((done) => client.delete(request, done));
    },
  };
}

const CHANGES = {
  [DiffResponse.DiffChanges.DIFF_UNKNOWN]: undefined,
  [DiffResponse.DiffChanges.DIFF_NONE]: false,
  [DiffResponse.DiffChanges.DIFF_SOME]: true,
};

function unpack(struct: Parameters<typeof fromStruct>[0]): Properties {
  const properties = fromStruct(struct);
  delete properties.__provider;
  return properties;
}
