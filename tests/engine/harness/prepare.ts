// Creates the packed project before any test runs, so that no test's time limit has to include an npm
// install.
import { packedProject } from "./packed";

void packedProject();
