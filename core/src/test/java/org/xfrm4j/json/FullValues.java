package org.xfrm4j.json;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.ReplayEsn;

/** Records of which every component is set to something that is neither zero nor null nor empty nor the default. */
final class FullValues {
    private FullValues() {
    }

    static <R extends Record> R of(Class<R> type) {
        return type.cast(value(type));
    }

    private static Object value(Type type) {
        return switch (type) {
            case ParameterizedType generic -> container(generic);
            case Class<?> plain -> value(plain);
            default -> throw new IllegalArgumentException("no value for " + type);
        };
    }

    private static Object container(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == List.class) {
            return arguments[0] == Algorithm.class
                    ? List.of(of(Aead.class), of(Auth.class), of(Crypt.class), of(Comp.class))
                    : List.of(value(arguments[0]));
        }
        if (raw == Map.class) {
            Map<Object, Object> map = new HashMap<>();
            for (Object key : ((Class<?>) arguments[0]).getEnumConstants()) {
                map.put(key, value(arguments[1]));
            }
            return map;
        }
        if (raw == Optional.class) {
            return Optional.of(value(arguments[0]));
        }
        throw new IllegalArgumentException("no value for " + type);
    }

    private static Object value(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return 7;
        }
        if (type == long.class || type == Long.class) {
            return 9L;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (type == double.class || type == Double.class) {
            return 0.5;
        }
        if (type == String.class) {
            return "text";
        }
        if (type == byte[].class) {
            return new byte[] {1, 2, 3};
        }
        if (type == Duration.class) {
            return Duration.ofNanos(11);
        }
        if (type == Key.class) {
            return Key.of(new byte[] {4, 5, 6, 7});
        }
        if (type == IpAddress.class) {
            return IpAddress.parse("192.0.2.7");
        }
        if (type == Replay.class) {
            return of(ReplayEsn.class);
        }
        if (type == RawAttribute.class) {
            return new RawAttribute(200, new byte[] {1, 2, 3}); // which no kernel has, so that it has no other place
        }
        if (type == PolicyDirection.class) {
            return PolicyDirection.FORWARD;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[type.getEnumConstants().length - 1];
        }
        if (type.isRecord()) {
            return record(type);
        }
        throw new IllegalArgumentException("no value for " + type + ": give it one here");
    }

    private static Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(
                    Stream.of(components).map(component -> value(component.getGenericType())).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made of full values", e);
        }
    }
}
