package org.xfrm4j.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the kernel's headers write today does not have all that C lets them write tomorrow. */
class CHeaderTest {

    private static List<String> members(String declaration, String name) {
        return CHeader.parse(declaration).aggregate(name).members().stream().map(CHeader.Member::name).toList();
    }

    @Test
    void takesTheMembersOfAnonymousUnionsForTheStructsOwn() {
        assertEquals(List.of("a", "b", "c", "d"),
                members("struct s { int a; union { int b; struct { short c; } __attribute__((packed)); }; int d; };",
                        "s"));
    }

    @Test
    void keepsTheMembersOfANamedUnionApart() {
        CHeader.Aggregate s = CHeader.parse("struct s { union { int b; } u; int d; };").aggregate("s");
        assertEquals(List.of("u", "d"), s.members().stream().map(CHeader.Member::name).toList());
        assertEquals("b", s.members().getFirst().aggregate().members().getFirst().name());
        assertNull(s.members().getLast().aggregate());
    }

    @Test
    void tellsArraysFromFlexibleArrays() {
        List<CHeader.Member> members =
                CHeader.parse("struct s { char a[4 * 2], b; int c[]; };").aggregate("s").members();
        assertEquals(List.of("a", "b", "c"), members.stream().map(CHeader.Member::name).toList());
        assertEquals(List.of(1, 0, 1), members.stream().map(CHeader.Member::dimensions).toList());
        assertFalse(members.getFirst().flexible());
        assertTrue(members.getLast().flexible());
    }

    @Test
    void namesATypedefOfAUnionWithoutATag() {
        CHeader header = CHeader.parse("typedef union { int a4; struct in6_addr in6; } xfrm_address_t;");
        assertEquals("xfrm_address_t", header.aggregate("xfrm_address_t").type());
        assertEquals(2, header.aggregate("xfrm_address_t").members().size());
    }

    @Test
    void refusesBitFieldsWhichHaveNoOffset() {
        assertThrows(IllegalArgumentException.class, () -> CHeader.parse("struct s { int a : 3; };"));
    }

    @Test
    void tellsWhichFileDeclaresWhat() {
        CHeader header = CHeader.parse("""
                # 1 "/include/linux/other.h" 1
                #define OTHER 1
                enum other { ELSEWHERE };
                # 1 "/include/linux/xfrm.h" 1
                #define _LINUX_XFRM_H
                #define FUNCTION(x) (x)
                #define VALUE (A + 1)
                #undef OTHER
                extern int f(struct s *p);
                static inline int g(void) { return 1; }
                enum { A = (1, 2), B,
                #define B B
                };
                struct s { int a; };
                """);
        assertEquals(Set.of("VALUE", "A", "B", "s"), header.namesIn("linux/xfrm.h"));
    }
}
