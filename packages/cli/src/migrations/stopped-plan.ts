/** What somebody is told who stops a plan. */
export const stoppedPlan = Object.freeze({
  en: "It was interrupted: `af-tenancy migrate resume` goes on where it was.",
  de: "Es wurde unterbrochen: `af-tenancy migrate resume` macht dort weiter.",
});
