import { random } from '../../random';

/**
 * Prompts that regrets are estimated on: `most` of them without replacement, all where there are fewer; in random order
 * either way, as halves of them are compared.
 *
 * @param prompts indices to draw from
 */
export function drawPrompts(prompts: readonly number[], most: number, seed: number): number[] {
  return random(seed, 0x70726f6d)
    .shuffle([...prompts])
    .slice(0, most);
}
