import type { Random } from './random.ts';

/** Who acts as an enemy in one history: a drawn coalition, with at most one reviewer and one operator. */
export function drawCoalition(random: Random): ReadonlySet<string> {
  const platform = random.pick(['harbour', 'harbour', 'tubely', 'newcomer']) ?? 'harbour';
  const enemies = new Set([platform]);
  if (random.happens(0.3)) enemies.add(random.pick(['tubely', 'newcomer']) ?? 'tubely');
  if (random.happens(0.6)) enemies.add('reviewer-1');
  if (random.happens(0.4)) enemies.add('operator-1');
  for (const person of random.some(['accused', 'friend', 'flatmate'], 0.6)) enemies.add(person);
  return enemies;
}
