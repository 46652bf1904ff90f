import { dataWords } from './words/data';
import { fitWords } from './words/fit';
import { languageWords } from './words/language';
import { regretWords } from './words/regret';
import { tableWords } from './words/tables';
import { trustWords } from './words/trust';
import { typeWords } from './words/types';

/** What each number means; shown on hover and focus and in the glossary. */
export const words = {
  ...dataWords,
  ...fitWords,
  ...typeWords,
  ...regretWords,
  ...languageWords,
  ...trustWords,
  ...tableWords,
};

export type WordId = keyof typeof words;
