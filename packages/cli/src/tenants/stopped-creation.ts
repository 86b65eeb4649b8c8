/** What somebody is told who stops the making of a tenant: without a key its slug is taken then. */
export const stoppedCreation = Object.freeze({
  en: "It was interrupted: with a --key the same call goes on where it was, without one `af-tenancy repair` does.",
  de: "Es wurde unterbrochen: mit einem --key macht derselbe Aufruf dort weiter, ohne einen `af-tenancy repair`.",
});
