import type { ClockState } from "./clock";

export interface Organization {
  name: string;
  displayName: string;
}

export interface Project {
  name: string;
  displayName: string;
  /** `organizations/<id>` */
  organization: string;
  inventory: boolean;
  sensorCount: number;
  cloudConnectorCount: number;
  location: { latitude: number | null; longitude: number | null; timeLocation: string };
  labels: Record<string, string>;
}

export interface ServiceAccount {
  name: string;
  email: string;
  displayName: string;
  enableBasicAuth: boolean;
  /** RFC 3339, UTC, microseconds; as all times here. */
  createTime: string;
  updateTime: string;
}

export interface Key {
  name: string;
  id: string;
  createTime: string;
  /** What the API shows once and the cloud keeps. */
  secret: string;
}

export interface Member {
  /** `projects/<id>/members/<id>` or `organizations/<id>/members/<id>` */
  name: string;
  displayName: string;
  roles: string[];
  /** `PENDING` or `ACCEPTED` */
  status: string;
  email: string;
  /** `USER` or `SERVICE_ACCOUNT` */
  accountType: string;
  createTime: string;
}

/** A person; `known` once an invitation was accepted. */
export interface User {
  /** `users/<number>`, the number being the person's member id */
  name: string;
  email: string;
  displayName: string;
  known: boolean;
}

/** An invitation that a real cloud would have sent. */
export interface Mail {
  to: string;
  /** The projects or organizations it tells of: one mail for a batch. */
  scopes: string[];
  time: string;
}

export interface Token {
  token: string;
  /** Name of the service account. */
  account: string;
  email: string;
  keyId: string;
  /** Seconds since 1970 on the emulator's clock. */
  expiresAt: number;
}

/** The identity that the emulator's five settings log in as. */
export interface AdminLogin {
  name: string;
  email: string;
  keyId: string;
  secret: string;
}

/** All that a data file holds of a cloud. */
export interface CloudSnapshot {
  organizations: Organization[];
  projects: Project[];
  accounts: ServiceAccount[];
  keys: Key[];
  users: User[];
  members: Member[];
  mails: Mail[];
  tokens: Token[];
  admin: AdminLogin | null;
  clock: ClockState;
  nextUserId: number;
}
