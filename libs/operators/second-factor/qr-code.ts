import { renderSVG } from 'uqr';

/** A QR code as SVG without style or script, dark on light in any colour scheme, as cameras want it. */
export function qrCode(text: string): string {
  return renderSVG(text, { border: 2, whiteColor: '#fff', blackColor: '#000' });
}
