import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';

describe('html', () => {
  it('escapes what is put into text and attributes', () => {
    const evil = `"><script>alert('&')</script>`;
    const { text } = html`<p title="${evil}">${evil}</p>`;
    expect(text).not.toContain('<script');
    expect(text).toBe(
      '<p title="&#34;&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;">&#34;&#62;&#60;script&#62;alert(&#39;&#38;&#39;)&#60;/script&#62;</p>',
    );
  });

  it('leaves HTML as it is, joins lists, and leaves out what is not there', () => {
    const items = [html`<b>${1}</b>`, html`<b>${2}</b>`];
    expect(html`<p>${items}${null}${undefined}${false}</p>`.text).toBe('<p><b>1</b><b>2</b></p>');
  });
});
