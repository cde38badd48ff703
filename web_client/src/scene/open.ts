/** Opens the walk; the page loads this file, and three.js with it, when the walk is what it shows. */
import type { OpenStage } from './stage';

export const openStage: OpenStage = () => {
  throw new Error('the walk is not drawn yet');
};
