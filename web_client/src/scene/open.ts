/** Opens the walk; the page loads this file, and three.js with it, when the walk is what it shows. */
import type { OpenStage } from './stage';
import { Walk } from './walk';

export const openStage: OpenStage = (parent, world, visitor) => {
  const walk = new Walk(parent, world, visitor);
  // For those who measure: what drawing costs, and the walk's own verbs.
  if (new URLSearchParams(location.search).has('measure')) Object.assign(window, { twinStage: walk });
  return walk;
};
