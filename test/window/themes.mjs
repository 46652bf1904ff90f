/** The editor's own, by what the pictures of them are called. */
export const THEMES = { dark: 'Dark Modern', light: 'Light Modern', contrast: 'Dark High Contrast' };
