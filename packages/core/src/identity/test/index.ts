export { REDIRECT, startIdentityProvider, type IdentityProvider } from "./identityProvider.ts";
export { firstAdmin, invited, pass, visitor, type Member } from "./people.ts";
