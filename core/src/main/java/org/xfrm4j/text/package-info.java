/** How things are put in words, wherever a person reads them. Not exported: the library's own. */
package org.xfrm4j.text;
